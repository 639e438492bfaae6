/* What is planted, what looks like it, and what is true without having been planted; judged by the basis month. */
#include "base/knowledge.h"
#include "base/sql.h"
#include "base/text.h"
#include "sample/truth.h"

/* The meters of every plant in the basis month: what the SQL of tables/sample_savings.tsv is over. %S: the month. */
static const char PLANTED[] =
    "CREATE OR REPLACE TEMP TABLE planted AS SELECT r.plant, r.id AS resource, r.account_id AS account, r.part, r.named, "
    "s.meter, s.operation, s.rate, CAST(s.quantity AS DECIMAL(18,4)) AS size, sum(t.quantity) AS quantity, sum(t.cost) AS "
    "cost, sum(t.effective) AS effective, CAST(any_value(r.first) AS DATE) AS first_day, 0::DECIMAL(38,10) AS unused FROM "
    "resource r JOIN series s ON s.resource_id = r.resource_id JOIN total t ON t.series_id = s.series_id JOIN month m ON "
    "m.month = t.month WHERE r.plant IS NOT NULL AND m.name = %S GROUP BY r.plant, r.id, r.account_id, r.part, r.named, "
    "s.meter, s.operation, s.rate, s.quantity, s.series_id UNION ALL SELECT 'strandedri', c.arn, c.account_id, 'reserved', "
    "true, c.usage_type, c.operation, c.recurring, 0, 0, 0, 0, NULL, t.amortized FROM charge_total t JOIN commitment c ON "
    "c.number = t.commitment JOIN month m ON m.month = t.month WHERE t.line_type = 'RIFee' AND c.size LIKE 'm5.%%' AND "
    "m.name = %S";

static size_t saving_row(const Knowledge *savings, const char *rule) {
    for (size_t row = 0; row < savings->row_count; row++)
        if (text_equal(knowledge_field(savings, row, "rule"), rule)) return row;
    return savings->row_count - 1; /* the rule whose saving is all that it costs */
}

static bool put_resources(const TruthSetting *setting, Json *entry, const char *plant, Err *err) {
    Table *rows = NULL;
    if (!duck_rows(
            setting->arena, setting->session,
            sql_format(setting->arena,
                       "SELECT DISTINCT resource FROM planted WHERE plant = %S AND named AND resource IS NOT NULL ORDER BY 1",
                       plant),
            &rows, err))
        return false;
    Json *resources = json_put_array(entry, "resources");
    for (size_t row = 0; row < rows->row_count; row++) json_add_text(resources, table_cell(rows, row, 0));
    if (!duck_rows(setting->arena, setting->session,
                   sql_format(setting->arena, "SELECT DISTINCT account FROM planted WHERE plant = %S ORDER BY 1", plant), &rows,
                   err))
        return false;
    Json *accounts = json_put_array(entry, "account");
    for (size_t row = 0; row < rows->row_count; row++) json_add_text(accounts, table_cell(rows, row, 0));
    return true;
}

static const char *or_null(const char *expression) {
    return *expression ? expression : "NULL";
}

static bool put_finding(const TruthSetting *setting, Json *list, const Knowledge *plants, size_t row, Err *err) {
    Arena *arena = setting->arena;
    const Knowledge *savings = knowledge_table(arena, "sample_savings.tsv");
    const char *plant = knowledge_field(plants, row, "plant"), *rule = knowledge_field(plants, row, "rule");
    size_t saving = saving_row(savings, rule);
    const char *sql =
        sql_format(arena,
                   "SELECT round(CAST(cost AS DECIMAL(38,12)), 2), round(CAST(saving AS DECIMAL(38,12)), 2), round(CAST(low "
                   "AS DECIMAL(38,12)), 2), round(CAST(high AS DECIMAL(38,12)), 2) FROM (SELECT %R AS cost, %R AS saving, %R "
                   "AS low, %R AS high FROM planted WHERE plant = %S)",
                   knowledge_field(savings, saving, "cost"), knowledge_field(savings, saving, "saving"),
                   or_null(knowledge_field(savings, saving, "low")), or_null(knowledge_field(savings, saving, "high")), plant);
    Table *amounts = NULL;
    if (!duck_rows(arena, setting->session, sql, &amounts, err)) return false;
    /* A plant of which nothing is seen in the basis month is none. */
    if (!table_cell(amounts, 0, 0) || !table_cell(amounts, 0, 1)) return true;
    Json *entry = json_add_object(list);
    json_put_text(entry, "id", arena_printf(arena, "F-%s", plant));
    json_put_text(entry, "kind", rule);
    if (*knowledge_field(plants, row, "same_as"))
        json_add_text(json_put_array(entry, "same_as"), knowledge_field(plants, row, "same_as"));
    json_put_text(entry, "title", knowledge_field(plants, row, "title"));
    if (!put_resources(setting, entry, plant, err)) return false;
    json_put_text(entry, "monthly_cost", table_cell(amounts, 0, 0));
    json_put_text(entry, "monthly_saving", table_cell(amounts, 0, 1));
    if (table_cell(amounts, 0, 2)) {
        Json *range = json_put_array(entry, "saving_range");
        json_add_text(range, table_cell(amounts, 0, 2));
        json_add_text(range, table_cell(amounts, 0, 3));
    }
    json_put_text(entry, "basis_month", setting->basis);
    json_put_text(entry, "formula", knowledge_field(plants, row, "text"));
    json_put_text(entry, "evidence", knowledge_field(plants, row, "tell"));
    return true;
}

static bool put_decoy(const TruthSetting *setting, Json *list, const Knowledge *plants, size_t row, Err *err) {
    const char *plant = knowledge_field(plants, row, "plant"), *seen = NULL;
    if (!duck_value(setting->arena, setting->session,
                    sql_format(setting->arena, "SELECT round(sum(cost), 2) FROM planted WHERE plant = %S", plant), &seen, err))
        return false;
    if (!seen) return true;
    Json *entry = json_add_object(list);
    json_put_text(entry, "id", arena_printf(setting->arena, "D-%s", plant));
    json_put_text(entry, "looks_like", knowledge_field(plants, row, "rule"));
    json_put_text(entry, "title", knowledge_field(plants, row, "title"));
    if (!put_resources(setting, entry, plant, err)) return false;
    json_put_text(entry, "why_not", knowledge_field(plants, row, "text"));
    json_put_text(entry, "tell", knowledge_field(plants, row, "tell"));
    json_put_text(entry, "monthly_cost", seen);
    return true;
}

/* Kinds that an ordinary estate shows by itself: reporting them is right, and not reporting them no error. */
static const struct {
    const char *kind, *title;
} ALSO_TRUE[] = {
    {"commitment-coverage-gap", "Steady compute on demand without a commitment"},
    {"ec2-graviton-candidate", "Linux instances on x86"},
    {"ec2-spot-eligible", "Short-lived instances on demand"},
    {"fargate-arm-candidate", "Fargate tasks on x86"},
    {"fargate-spot-candidate", "Fargate tasks on demand"},
    {"guardduty-driver", "GuardDuty is most of what accounts without workloads cost"},
    {"security-hub-and-inspector-weight", "Security services are most of what accounts without workloads cost"},
    {"secrets-sprawl", "Secrets without requests on the bill"},
    {"kms-request-storm", "Keys without requests on the bill"},
    {"public-ipv4-sprawl", "Public addresses of development machines"},
    {"service-step-change", "Services that started or changed level"},
    {"commitment-expiring", "Commitments that end within months"},
    {"cw-logs-never-expire", "Log groups whose stored volume does not fall"},
    {"spot-usage-facts", "Spot usage and its discount"},
    {"cloudfront-edge-mix", "Viewers by region"},
};

static void put_also_true(Json *truth) {
    Json *list = json_put_array(truth, "also_true");
    for (size_t i = 0; i < sizeof ALSO_TRUE / sizeof *ALSO_TRUE; i++) {
        Json *entry = json_add_object(list);
        json_put_text(entry, "kind", ALSO_TRUE[i].kind);
        json_put_text(entry, "title", ALSO_TRUE[i].title);
    }
    json_put_text(truth, "also_true_note",
                  "Not planted, but true: reporting these is right, and not reporting them is no error.");
}

bool truth_add_findings(const TruthSetting *setting, Json *truth, Err *err) {
    const Knowledge *plants = knowledge_table(setting->arena, "sample_plants.tsv");
    if (!duck_run(setting->session, sql_format(setting->arena, PLANTED, setting->basis, setting->basis), err)) return false;
    json_put_text(truth, "basis_month", setting->basis);
    json_put_text(truth, "findings_note",
                  "Savings are for the basis month at the prices on the bill, before the enterprise discount. Where a range "
                  "is given, the point is what the formula gives. same_as: other names for the same thing.");
    Json *findings = json_put_array(truth, "findings"), *decoys = json_put_array(truth, "decoys");
    for (size_t row = 0; row < plants->row_count; row++) {
        bool decoy = text_equal(knowledge_field(plants, row, "role"), "decoy");
        if (!(decoy ? put_decoy(setting, decoys, plants, row, err) : put_finding(setting, findings, plants, row, err)))
            return false;
    }
    put_also_true(truth);
    return true;
}
