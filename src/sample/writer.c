#include "sample/writer.h"

#include <pthread.h>

#include "base/limits.h"
#include "sample/lines.h"

/* A piece of a month: about SAMPLE_FILE_ROWS lines of usage. */
typedef struct {
    FormatPeriod period;
    const char *what; /* "writing 2026-09", for people who wait */
    size_t number;    /* of its data file */
    long first, last;
} Piece;

typedef struct {
    const WriterSetting *setting;
    Piece *pieces;
    size_t piece_count;
    size_t *piece_counts; /* of each month */
    pthread_mutex_t lock; /* guards what follows, and the request's progress */
    size_t next;
    size_t done;
    Err *err; /* of the first piece that failed */
} Work;

static bool stop_wanted(const Work *work) {
    return work->setting->request->stop && *work->setting->request->stop;
}

/* --- Pieces -------------------------------------------------------------------------------------------------------------------------------- */

static long month_end(const SampleShape *shape, size_t month) {
    long end = shape_month(shape, month + 1);
    return end < shape->hours ? end : shape->hours;
}

static FormatPeriod period_of(Arena *arena, const SampleShape *shape, size_t month) {
    const char *name = shape_month_text(arena, shape, month);
    return (FormatPeriod){
        .month = month, .name = name, .start = arena_printf(arena, "%s-01", name), .open = month + 1 == shape->month_count};
}

/* Whole days, so that a day's lines are in one file. */
static void cut_pieces(Arena *arena, Work *work) {
    const World *world = work->setting->world;
    const SampleShape *shape = world->shape;
    long step = (long)(SAMPLE_FILE_ROWS * shape->hours / (world->lines + 1)) / 24 * 24;
    if (step < 24) step = 24;
    work->pieces = arena_array(arena, (size_t)(shape->hours / step) + shape->month_count + 1, sizeof *work->pieces);
    work->piece_counts = arena_array(arena, shape->month_count, sizeof *work->piece_counts);
    for (size_t month = 0; month < shape->month_count; month++)
        for (long from = shape_month(shape, month), end = month_end(shape, month); from < end; from += step)
            work->pieces[work->piece_count++] =
                (Piece){.period = period_of(arena, shape, month),
                        .what = arena_printf(arena, "writing %s", shape_month_text(arena, shape, month)),
                        .number = ++work->piece_counts[month],
                        .first = from,
                        .last = from + step < end ? from + step : end};
}

/* --- Writing -------------------------------------------------------------------------------------------------------------------------------- */

static bool write_files(Arena *arena, DuckSession *session, const WriterSetting *setting, const FormatPeriod *period,
                        size_t number, Err *err) {
    for (size_t i = 0; i < setting->format_count; i++)
        if (!format_write_file(arena, session, setting->setting, setting->formats[i], period, number, err)) return false;
    return true;
}

static bool write_piece(DuckSession *session, const WriterSetting *setting, const Piece *piece, Err *err) {
    Arena *arena = arena_make();
    bool written =
        lines_make_usage(arena, session, setting->setting->terms, piece->period.month, piece->first, piece->last, err) &&
        write_files(arena, session, setting, &piece->period, piece->number, err);
    arena_free(arena);
    return written;
}

/* What is no usage is a file of its own, the last of its month. */
static bool write_charges(Arena *arena, const WriterSetting *setting, size_t month, size_t number, Err *err) {
    FormatPeriod period = period_of(arena, setting->world->shape, month);
    if (!lines_make_charges(arena, setting->session, setting->setting->terms, month, err) ||
        !write_files(arena, setting->session, setting, &period, number, err))
        return false;
    for (size_t i = 0; i < setting->format_count; i++)
        if (!setting->formats[i]->write_manifest(arena, setting->session, setting->setting, setting->formats[i], &period,
                                                 number, err))
            return false;
    return true;
}

/* --- Threads -------------------------------------------------------------------------------------------------------------------------------- */

static void tell(const Work *work, const Piece *piece) {
    const SampleRequest *request = work->setting->request;
    if (!request->progress) return;
    double fraction = (double)work->done / (double)work->piece_count;
    SampleProgress progress = {.what = piece->what,
                               .fraction = fraction,
                               .rows = (unsigned long long)((double)work->setting->world->lines * fraction)};
    request->progress(request->context, &progress);
}

static const Piece *take_piece(Work *work) {
    pthread_mutex_lock(&work->lock);
    if (stop_wanted(work) && !work->err->kind) err_set(work->err, ERR_CANCELLED, "Stopped: the unfinished sample was removed");
    const Piece *piece = work->err->kind || work->next == work->piece_count ? NULL : &work->pieces[work->next++];
    if (piece) tell(work, piece);
    pthread_mutex_unlock(&work->lock);
    return piece;
}

static void write_pieces(Work *work, DuckSession *session) {
    for (const Piece *piece = take_piece(work); piece; piece = take_piece(work)) {
        Err err = {0};
        bool written = write_piece(session, work->setting, piece, &err);
        pthread_mutex_lock(&work->lock);
        work->done++;
        if (!written && !work->err->kind) *work->err = err;
        pthread_mutex_unlock(&work->lock);
    }
}

static void *write_on_thread(void *context) {
    Work *work = context;
    Arena *arena = arena_make();
    DuckSession *session = NULL;
    Err err = {0};
    bool connected = duck_connect(arena, work->setting->duck, &session, &err);
    /* Without a connection of its own this thread only leaves the pieces to the others. */
    if (connected) write_pieces(work, session);
    arena_free(arena);
    return NULL;
}

bool writer_run(Arena *arena, const WriterSetting *setting, Err *err) {
    Work work = {.setting = setting, .lock = PTHREAD_MUTEX_INITIALIZER, .err = err};
    pthread_t threads[SAMPLE_WRITERS - 1];
    size_t started = 0;
    cut_pieces(arena, &work);
    while (started < SAMPLE_WRITERS - 1 && pthread_create(&threads[started], NULL, write_on_thread, &work) == 0) started++;
    write_pieces(&work, setting->session);
    for (size_t i = 0; i < started; i++) pthread_join(threads[i], NULL);
    pthread_mutex_destroy(&work.lock);
    for (size_t month = 0; !err->kind && month < setting->world->shape->month_count; month++)
        if (!write_charges(arena, setting, month, work.piece_counts[month] + 1, err)) return false;
    return !err->kind;
}
