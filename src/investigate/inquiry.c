#include "investigate/inquiry.h"

void inquiry_fact(Inquiry *inquiry, Fact fact) {
    fact.row = -1;
    if (inquiry->fact_count < INQUIRY_FACTS) inquiry->facts[inquiry->fact_count++] = fact;
}

void inquiry_section(Inquiry *inquiry, const char *name, const char *title, const Rows *rows) {
    if (!rows->table->row_count || inquiry->section_count == INQUIRY_SECTIONS) return;
    inquiry->sections[inquiry->section_count++] =
        (AnswerSection){.name = name, .title = title, .table = rows->table, .columns = rows->columns};
}

void inquiry_say_change(Inquiry *inquiry, const char *subject, Decimal change, const char *column) {
    const char *text = decimal_text(inquiry->arena, change);
    const bool fell = decimal_is_negative(change);
    const char *size = answer_display(inquiry->arena, fell ? text + 1 : text, inquiry->currency);
    buffer_printf(&inquiry->said, "%s %s by %s", answer_name(inquiry->arena, subject), fell ? "fell" : "rose", size);
    inquiry_fact(inquiry,
                 (Fact){.kind = "delta", .subject = subject, .value = text, .unit = inquiry->currency, .column = column});
}

const char *inquiry_percent(Arena *arena, Decimal part, Decimal whole) {
    enum { PLACES = 12 };
    Decimal ratio = {0};
    if (!decimal_divide(part, whole, PLACES, &ratio)) return NULL;
    return decimal_text(arena, decimal_shift(ratio, 2));
}

const char *inquiry_member(Arena *arena, const CatalogColumn *column, const char *member, const char *companion) {
    if (text_is_empty(member)) return column->class == CLASS_TAG ? "(untagged)" : "(none)";
    return text_is_empty(companion) ? member : arena_printf(arena, "%s (%s)", member, companion);
}

const char *inquiry_state(Decimal before, Decimal after) {
    if (decimal_is_zero(before)) return "new";
    return decimal_is_zero(after) ? "gone" : "";
}
