#include "sample/format.h"

#include <string.h>

#include "base/json.h"
#include "base/sql.h"
#include "base/text.h"
#include "io/file.h"

const SampleFormat *format_named(const char *name) {
    static const SampleFormat *const all[] = {&format_cur2, &format_cur2_csv, &format_legacy, &format_focus};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (text_equal(all[i]->name, name)) return all[i];
    return NULL;
}

Sql *format_start_select(Arena *arena, const FormatColumn *columns, size_t count) {
    Sql *sql = sql_make(arena);
    sql_add(sql, "SELECT ");
    sql_list_start(sql);
    for (size_t i = 0; i < count; i++) {
        sql_list_next(sql, ", ");
        sql_add(sql, "%R AS %I", columns[i].sql, columns[i].name);
    }
    return sql;
}

void format_add_net(Arena *arena, Sql *sql, const LineTerms *terms, const FormatNetColumn *columns, size_t count,
                    const char *type) {
    for (size_t i = 0; terms->discount == DISCOUNT_NET && i < count; i++)
        sql_add(sql, ", CASE WHEN %S IN ('', l.line_type) THEN CAST(%R AS %R) END AS %I", columns[i].only,
                lines_net(arena, terms, columns[i].amount), type, columns[i].name);
}

const char *format_export_name(Arena *arena, const FormatSetting *setting, const SampleFormat *format) {
    return arena_printf(arena, "%s-%s", setting->organisation->id, format->name);
}

const char *format_file_name(Arena *arena, const FormatSetting *setting, const SampleFormat *format, size_t number) {
    return arena_printf(arena, "%s-%05zu%s", format_export_name(arena, setting, format), number, format->file);
}

const char *format_invoice(Arena *arena, const FormatSetting *setting, const FormatPeriod *period) {
    if (period->open) return "";
    const char *payer = organisation_account(setting->organisation, "management")->id;
    return arena_printf(arena, "20%.2s%.2s%.4s", period->name + 2, period->name + 5, payer);
}

bool format_write_file(Arena *arena, DuckSession *session, const FormatSetting *setting, const SampleFormat *format,
                       const FormatPeriod *period, size_t number, Err *err) {
    const char *folder = format->data_folder(arena, setting, format, period);
    const char *path = file_join(arena, folder, format_file_name(arena, setting, format, number));
    return file_make_folder(folder, err) &&
           duck_run(session,
                    sql_format(arena, "COPY (%R) TO %S (%R)", format->select(arena, setting, period), path, format->copy), err);
}

/* --- Data Exports ---------------------------------------------------------------------------------------------------------------------------- */

static const char *folder_of(Arena *arena, const FormatSetting *setting, const SampleFormat *format, const char *kind,
                             const FormatPeriod *period) {
    return arena_printf(arena, "%s/%s/%s/%s/%s=%s", setting->folder, format->root, format_export_name(arena, setting, format),
                        kind, format->partition, period->name);
}

static const char *type_name(const char *type) {
    if (strncmp(type, "MAP", 3) == 0) return "map<string,string>";
    return text_equal(type, "DOUBLE") ? "double" : text_equal(type, "TIMESTAMP") ? "timestamp" : "string";
}

bool format_export_manifest(Arena *arena, DuckSession *session, const FormatSetting *setting, const SampleFormat *format,
                            const FormatPeriod *period, size_t file_count, Err *err) {
    Table *columns = NULL;
    if (!duck_rows(arena, session, sql_format(arena, "DESCRIBE %R", format->select(arena, setting, period)), &columns, err))
        return false;
    const char *name = format_export_name(arena, setting, format);
    bool parquet = text_ends(format->file, ".parquet");
    Json *manifest = json_make_object(arena);
    json_put_text(manifest, "executionId", arena_printf(arena, "%s-%s", name, period->name));
    json_put_text(manifest, "exportArn",
                  arena_printf(arena, "arn:aws:bcm-data-exports:us-east-1:%s:export/%s",
                               organisation_account(setting->organisation, "management")->id, name));
    Json *list = json_put_array(manifest, "columns");
    for (size_t row = 0; row < columns->row_count; row++) {
        Json *column = json_add_object(list);
        json_put_text(column, "name", table_cell(columns, row, 0));
        json_put_text(column, "type", parquet ? type_name(table_cell(columns, row, 1)) : "string");
    }
    json_put_text(manifest, "contentType", parquet ? "PARQUET" : "CSV");
    json_put_text(manifest, "compression", parquet ? "PARQUET" : "GZIP");
    json_put_text(manifest, "billingPeriod", period->name);
    Json *files = json_put_array(manifest, "dataFiles");
    for (size_t number = 1; number <= file_count; number++)
        json_add_text(files, arena_printf(arena, "s3://%s-billing/exports/%s/data/%s=%s/%s", setting->organisation->id, name,
                                          format->partition, period->name, format_file_name(arena, setting, format, number)));
    const char *folder = folder_of(arena, setting, format, "metadata", period), *text = json_write(arena, manifest, true);
    return file_make_folder(folder, err) &&
           file_write_quick(file_join(arena, folder, arena_printf(arena, "%s-Manifest.json", name)), text, strlen(text), err);
}

const char *format_export_folder(Arena *arena, const FormatSetting *setting, const SampleFormat *format,
                                 const FormatPeriod *period) {
    return folder_of(arena, setting, format, "data", period);
}
