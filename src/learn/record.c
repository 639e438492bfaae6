#include "learn/record.h"

#include <fcntl.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "base/json.h"
#include "base/limits.h"
#include "base/text.h"
#include "question/plan.h"

const char *learn_id(Arena *arena) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    const unsigned long long milliseconds = (unsigned long long)now.tv_sec * 1000 + (unsigned long long)now.tv_nsec / 1000000;
    unsigned long long chance = 0;
    if (getrandom(&chance, sizeof chance, GRND_NONBLOCK) != (ssize_t)sizeof chance)
        chance = (unsigned long long)now.tv_nsec * 2654435761u; /* too early after boot for chance: nanoseconds do */
    return arena_printf(arena, "%012llx%012llx", milliseconds & 0xffffffffffffu, chance & 0xffffffffffffu);
}

static void add_names(Buffer *out, const char *before, const char *const *names, size_t count) {
    for (size_t i = 0; i < count; i++) buffer_printf(out, "%s%s", i ? ", " : before, names[i]);
}

const char *learn_pattern(Arena *arena, const Plan *plan) {
    const Json *json = plan_json(arena, plan);
    Buffer out = {.arena = arena};
    buffer_add(&out, json_get_text(json, "intent"));
    if (plan->meta) {
        buffer_printf(&out, " %.*s", (int)strcspn(plan->meta, ":"), plan->meta);
        return arena_text(arena, buffer_text(&out));
    }
    add_names(&out, " of ", plan->measures, plan->measure_count);
    if (plan->per) buffer_printf(&out, " per %s", plan->per);
    if (plan->subject) buffer_printf(&out, " of %s", plan->subject);
    add_names(&out, " by ", plan->group_by, plan->group_count);
    if (plan->grain != GRAIN_NONE) buffer_printf(&out, " per %s", plan_grain_name(plan->grain));
    if (plan->agg != AGG_NONE) buffer_printf(&out, " %s", json_get_text(json, "agg"));
    /* Each dimension and concept once: "only EC2" and "only EC2 and S3" are one pattern. */
    for (size_t i = 0; i < plan->filter_count; i++) {
        const char *name = plan->filters[i].dimension ? plan->filters[i].dimension : "tags";
        bool is_new = true;
        for (size_t j = 0; j < i; j++) is_new = is_new && !text_equal(plan->filters[j].dimension, plan->filters[i].dimension);
        if (is_new) buffer_printf(&out, ", limited by %s", name);
    }
    if (plan->concept_count) buffer_add(&out, ", limited by concept");
    if (plan->rank.present && plan->rank.n) buffer_add(&out, ", ranked");
    if (plan->having_count) buffer_add(&out, ", above a threshold");
    return arena_text(arena, buffer_text(&out));
}

static const char *services_of(Arena *arena, const Plan *plan) {
    Json *list = json_make_array(arena);
    for (size_t i = 0; i < plan->filter_count; i++) {
        const PlanFilter *filter = &plan->filters[i];
        if (filter->op != FILTER_IN || !text_equal(filter->dimension, "ServiceName")) continue;
        for (size_t j = 0; j < filter->value_count; j++) json_add_text(list, filter->values[j]);
    }
    return json_count(list) ? json_write(arena, list, false) : NULL;
}

static const char *list_of(Arena *arena, const char *const *texts, size_t count) {
    if (count == 0) return NULL;
    Json *list = json_make_array(arena);
    for (size_t i = 0; i < count; i++) json_add_text(list, texts[i]);
    return json_write(arena, list, false);
}

static void observe_plan(Arena *arena, const Plan *plan, LearnRecord *out) {
    const char *json = json_write(arena, plan_json(arena, plan), false);
    out->plan = strlen(json) <= LEARN_PLAN_BYTES ? json : NULL;
    out->plan_hash = plan_hash(arena, plan);
    out->pattern = learn_pattern(arena, plan);
    out->services = services_of(arena, plan);
    out->dataset = plan->dataset;
}

void learn_observe(Arena *arena, const Answer *answer, const char *const *unknown, size_t unknown_count, LearnRecord *out) {
    static const char *const statuses[] = {
        [ANSWER_ANSWERED] = "answered", [ANSWER_CLARIFY] = "clarify", [ANSWER_REFUSED] = "refused", [ANSWER_ERROR] = "error"};
    out->question = answer->question;
    out->planner = answer->planner;
    out->paraphrase = answer->paraphrase;
    out->assumed = list_of(arena, answer->assumed, answer->assumed_count);
    out->status = statuses[answer->status];
    out->code = answer->status == ANSWER_ANSWERED ? NULL : answer->code;
    out->unknown = list_of(arena, unknown, unknown_count);
    out->engine = answer->dialect;
    out->row_count = answer->table ? (long long)answer->table->row_count : 0;
    out->plan_ms = answer->plan_ms;
    out->execute_ms = answer->execute_ms;
    out->total_ms = answer->total_ms;
    out->numbers = answer->numbers;
    out->verified = answer->numbers_verified;
    if (answer->plan) observe_plan(arena, answer->plan, out);
}
