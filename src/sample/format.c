#include "sample/format.h"

#include "base/sql.h"
#include "base/text.h"
#include "io/file.h"

const SampleFormat *format_named(const char *name) {
    static const SampleFormat *const all[] = {&format_cur2, &format_cur2_csv};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (text_equal(all[i]->name, name)) return all[i];
    return NULL;
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
    const char *folder = format->data_folder(arena, setting, period);
    const char *path = file_join(arena, folder, format_file_name(arena, setting, format, number));
    return file_make_folder(folder, err) &&
           duck_run(session,
                    sql_format(arena, "COPY (%R) TO %S (%R)", format->select(arena, setting, period), path, format->copy), err);
}
