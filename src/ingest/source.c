/* ingest/source.c: from paths to deliveries, in the order of the headers beside it: found.h (what lies there and which of it counts), content.h
 * (what each file holds), group.h (what belongs together). */
#include "ingest/source.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "ingest/content.h"
#include "ingest/found.h"
#include "ingest/group.h"
#include "io/file.h"
#include "io/zip.h"

/* One discovery. */
typedef struct {
    Arena *arena;
    const char *spool_folder;
    ContentReader *reader;
    Found *found;
    GroupItem *items;
    size_t item_count, item_room;
    Err first_failure; /* of a file that was passed over: the error when nothing else is left */
    size_t failure_count;
} Discovery;

/* A file that cannot be used: an error when the user named it, else a note. False ends the discovery. */
static bool pass_over(Discovery *work, const FoundFile *file, const Err *failure, Err *err) {
    bool ours = failure->kind == ERR_INPUT || failure->kind == ERR_IO || failure->kind == ERR_LIMIT;
    if (file->given || !ours) return err_set_code(err, failure->kind, failure->code, "%s", failure->message);
    if (work->failure_count++ == 0) work->first_failure = *failure;
    found_note(work->found, "%s. It was passed over.", failure->message);
    return true;
}

static void add_item(Discovery *work, const FoundFile *file, const Content *content) {
    if (work->item_count == work->item_room) {
        size_t room = work->item_room ? work->item_room * 2 : 16;
        work->items = arena_grow(work->arena, work->items, work->item_room * sizeof *work->items, room * sizeof *work->items);
        work->item_room = room;
    }
    work->items[work->item_count++] = (GroupItem){file, *content};
}

/* Notes and lists are tables of one column too, so such a file counts only when it was named. */
static bool is_stray_text(const FoundFile *file, const Content *content) {
    return !file->given && content->file.container == CONTAINER_CSV && content->file.column_count == 1;
}

static bool collect_data(Discovery *work, const FoundFile *file, ContentKind kind, Err *err) {
    Content content;
    Err failure = {0};
    if (!content_read(work->reader, file, kind, &content, &failure)) return pass_over(work, file, &failure, err);
    if (is_stray_text(file, &content)) {
        found_note(work->found, "%s was passed over: it has one column only. Give its path to load it.", file->shown);
        return true;
    }
    add_item(work, file, &content);
    return true;
}

/* What the members of an archive inherit that is itself a part of an export: its period, report and version. */
static void inherit(Found *members, const FoundFile *archive) {
    for (size_t i = 0; i < members->file_count; i++) {
        members->files[i].layout = archive->layout;
        members->files[i].report = archive->report;
        members->files[i].version = archive->version;
        members->files[i].claimed = archive->claimed;
    }
}

static bool is_workbook(const Found *members) {
    for (size_t i = 0; i < members->file_count; i++) {
        if (text_ends(members->files[i].logical, "/xl/workbook.xml") ||
            text_ends(members->files[i].logical, "/xl/workbook.bin"))
            return true;
    }
    return false;
}

static bool collect_member(Discovery *work, const FoundFile *member, Err *err) {
    ContentKind kind;
    Err failure = {0};
    if (!content_peek(member, &kind, &failure)) return pass_over(work, member, &failure, err);
    if (kind == CONTENT_ARCHIVE) {
        err_set(&failure, ERR_INPUT, "%s is an archive inside an archive: unpack it and give the folder", member->shown);
        return pass_over(work, member, &failure, err);
    }
    return collect_data(work, member, kind, err);
}

/* Every archive has a folder of its own in the spool folder, named by what it is, so that two of one name stay apart. */
static const char *spool_of(Discovery *work, const FoundFile *archive) {
    const char *identity =
        arena_printf(work->arena, "%s\n%llu\n%lld", archive->logical, archive->size_bytes, archive->modified_ns);
    char *digest = file_sha256(work->arena, identity, strlen(identity));
    digest[16] = 0;
    return file_join(work->arena, work->spool_folder, digest);
}

static bool collect_archive(Discovery *work, const FoundFile *archive, Err *err) {
    const char *folder = spool_of(work, archive);
    Found *members = arena_alloc(work->arena, sizeof *members);
    ZipMember *unpacked = NULL;
    size_t unpacked_count = 0;
    Err failure = {0};
    size_t items = work->item_count;
    size_t failures = work->failure_count;
    if (!file_remove_tree(folder, err)) return false;
    if (!zip_unpack(work->arena, archive->path, folder, &unpacked, &unpacked_count, &failure)) {
        return pass_over(work, archive, &failure, err);
    }
    found_members(work->arena, archive, unpacked, unpacked_count, members);
    if (is_workbook(members)) {
        err_set(&failure, ERR_INPUT, "%s is an Excel workbook: save the sheet as CSV (UTF-8) and give that", archive->shown);
        return pass_over(work, archive, &failure, err);
    }
    if (archive->claimed || archive->layout.kind != LAYOUT_LOOSE) {
        inherit(members, archive);
    } else {
        found_select(members);
    }
    for (size_t i = 0; i < members->note_count; i++) found_note(work->found, "%s", members->notes[i]);
    for (size_t i = 0; i < members->file_count; i++) {
        if (!members->files[i].passed_over && !collect_member(work, &members->files[i], err)) return false;
    }
    if (work->item_count > items) return true;
    if (work->failure_count > failures && !archive->given) return true;
    if (work->failure_count > failures) return err_set(err, work->first_failure.kind, "%s", work->first_failure.message);
    err_set(&failure, ERR_INPUT, "%s holds no bill: give an archive of CSV or Parquet files", archive->shown);
    return pass_over(work, archive, &failure, err);
}

/* The engine takes *, ? and [ in a path for a pattern, and may read other files or none. Such a file gets a plain name in the spool
 * folder, which links to it. */
static bool give_plain_name(Discovery *work, FoundFile *file, Err *err) {
    if (!strpbrk(file->path, "*?[")) return true;
    const char *folder = spool_of(work, file);
    const char *link = file_join(work->arena, folder, "file");
    if (!file_remove_tree(folder, err) || !file_make_folder(folder, err)) return false;
    if (symlink(file->path, link) != 0) {
        return err_set(err, ERR_IO, "%s cannot be linked to from %s (%s): check the folder", file->shown, folder,
                       strerror(errno));
    }
    file->path = link;
    return true;
}

static bool collect(Discovery *work, FoundFile *file, Err *err) {
    ContentKind kind;
    Err failure = {0};
    if (!give_plain_name(work, file, err)) return false;
    if (!content_peek(file, &kind, &failure)) return pass_over(work, file, &failure, err);
    if (kind == CONTENT_ARCHIVE) return collect_archive(work, file, err);
    return collect_data(work, file, kind, err);
}

/* Leaves out what is not whole. */
static bool verify_items(Discovery *work, Err *err) {
    const Content **contents = arena_array(work->arena, work->item_count + 1, sizeof(Content *));
    Err *failures = arena_array(work->arena, work->item_count + 1, sizeof *failures);
    size_t kept = 0;
    for (size_t i = 0; i < work->item_count; i++) contents[i] = &work->items[i].content;
    content_verify(contents, work->item_count, failures);
    for (size_t i = 0; i < work->item_count; i++) {
        GroupItem *item = &work->items[i];
        if (failures[i].kind == ERR_NONE) {
            work->items[kept++] = *item;
        } else {
            Err failure = {0};
            content_rename_failure(item->found, &failures[i], &failure);
            if (!pass_over(work, item->found, &failure, err)) return false;
        }
    }
    work->item_count = kept;
    return true;
}

static int compare_items(const void *a, const void *b) {
    return strcmp(((const GroupItem *)a)->found->logical, ((const GroupItem *)b)->found->logical);
}

static bool nothing_left(const Discovery *work, Err *err) {
    const char *where =
        work->found->argument_count > 0 ? text_printable(work->arena, work->found->arguments[0]) : "the given paths";
    const Err *first = &work->first_failure;
    if (work->failure_count == 1) return err_set(err, first->kind, "%s", first->message);
    if (work->failure_count > 1) {
        return err_set(err, first->kind, "None of the %zu files in %s can be used. The first: %s", work->failure_count, where,
                       first->message);
    }
    if (work->found->note_count > 0) return err_set(err, ERR_INPUT, "There is no bill in %s. %s", where, work->found->notes[0]);
    return err_set(err, ERR_INPUT, "There is no bill in %s: give CSV or Parquet files, or the folder of an export", where);
}

static void hash_text(Buffer *buffer, const char *text) {
    buffer_printf(buffer, "%zu:%s ", strlen(text), text);
}

static int compare_paths(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int compare_manifests(const void *a, const void *b) {
    return strcmp((*(const FoundManifest *const *)a)->logical, (*(const FoundManifest *const *)b)->logical);
}

/* Over the user's paths, what counts below them, and the manifests that decided it. The number in front changes whenever the same files
 * would be read in another way than before. */
static const char *fingerprint_of(Arena *arena, const Found *found) {
    Buffer buffer = {.arena = arena};
    const char **arguments = arena_array(arena, found->argument_count + 1, sizeof *arguments);
    const FoundManifest **manifests = arena_array(arena, found->manifest_count + 1, sizeof(FoundManifest *));
    buffer_add(&buffer, "source 1\n");
    for (size_t i = 0; i < found->argument_count; i++) arguments[i] = found->arguments[i];
    qsort(arguments, found->argument_count, sizeof *arguments, compare_paths);
    for (size_t i = 0; i < found->argument_count; i++) hash_text(&buffer, arguments[i]);
    for (size_t i = 0; i < found->manifest_count; i++) manifests[i] = &found->manifests[i];
    qsort(manifests, found->manifest_count, sizeof(FoundManifest *), compare_manifests);
    for (size_t i = 0; i < found->manifest_count; i++) {
        hash_text(&buffer, manifests[i]->logical);
        hash_text(&buffer, manifests[i]->sha256);
    }
    for (size_t i = 0; i < found->file_count; i++) {
        const FoundFile *file = &found->files[i];
        if (file->passed_over) continue;
        hash_text(&buffer, file->logical);
        buffer_printf(&buffer, "%llu %lld\n", file->size_bytes, file->modified_ns);
    }
    return file_sha256(arena, buffer_text(&buffer), buffer.size);
}

bool source_fingerprint(Arena *arena, const char *const *paths, size_t path_count, const char **out, Err *err) {
    Arena *scratch = arena_make();
    Found found;
    bool done = found_walk(scratch, paths, path_count, &found, err);
    if (done) {
        found_select(&found);
        *out = arena_text(arena, fingerprint_of(scratch, &found));
    }
    arena_free(scratch);
    return done;
}

bool source_discover(Arena *arena, DuckSession *session, const char *const *paths, size_t path_count, const char *spool_folder,
                     SourceSet *out, Err *err) {
    Found *found = arena_alloc(arena, sizeof *found);
    Discovery work = {.arena = arena, .spool_folder = spool_folder, .found = found};
    *out = (SourceSet){0};
    if (!found_walk(arena, paths, path_count, found, err)) return false;
    found_select(found);
    work.reader = content_reader_make(arena, session);
    for (size_t i = 0; i < found->file_count; i++) {
        if (!found->files[i].passed_over && !collect(&work, &found->files[i], err)) return false;
    }
    if (!verify_items(&work, err)) return false;
    if (work.item_count == 0) return nothing_left(&work, err);
    qsort(work.items, work.item_count, sizeof *work.items, compare_items);
    group_items(arena, work.items, work.item_count, found, out);
    if (found->notes_left_out > 0) {
        found->notes[found->note_count - 1] = arena_printf(arena, "%s (And %zu more notes of this kind.)",
                                                           found->notes[found->note_count - 1], found->notes_left_out);
    }
    out->note_count = found->note_count;
    out->notes = found->notes;
    out->fingerprint = fingerprint_of(arena, found);
    return true;
}
