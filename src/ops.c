#include "ops.h"

#include "base/text.h"
#include "io/duck.h"
#include "ops/operations.h"

/* --- arguments that several operations share --- */

static const OpArgument data = {.name = "data",
                                .type = ARGUMENT_PATH,
                                .repeated = true,
                                .value = "PATH",
                                .help = "ask exactly these files, globs, folders or exports, not the workspace"};
static const OpArgument direct = {
    .name = "direct",
    .type = ARGUMENT_FLAG,
    .help = "with --data: leave the lines in their files, and read them there when a question needs them"};
static const OpArgument workspace = {
    .name = "workspace", .type = ARGUMENT_PATH, .value = "DIR", .help = "workspace folder (default: your own)"};
static const OpArgument dataset = {
    .name = "dataset", .type = ARGUMENT_TEXT, .value = "NAME", .help = "data set to use (default: the bill)"};
static const OpArgument as_of = {
    .name = "as-of", .type = ARGUMENT_DATE, .value = "DATE", .help = "what “today” means (default: the last day of usage)"};
static const OpArgument limit = {
    .name = "limit", .type = ARGUMENT_COUNT, .value = "N", .help = "show at most N rows (on a terminal 20, else all)"};
static const OpArgument engine = {.name = "engine",
                                  .type = ARGUMENT_TEXT,
                                  .value = "NAME",
                                  .choices = "duckdb",
                                  .coming = "athena|trino",
                                  .help = "engine that runs the query: duckdb"};
static const OpArgument llm = {.name = "llm",
                               .type = ARGUMENT_TEXT,
                               .value = "NAME",
                               .choices = "none",
                               .coming = "bedrock|anthropic|openai",
                               .help = "language model to plan with: none"};

/* --- arguments of one operation --- */

static const OpArgument question = {.name = "question",
                                    .type = ARGUMENT_TEXT,
                                    .positional = true,
                                    .required = true,
                                    .unless = "plan",
                                    .value = "QUESTION",
                                    .help = "in plain English; quotes are not needed"};
static const OpArgument plan = {.name = "plan",
                                .type = ARGUMENT_JSON,
                                .value = "JSON",
                                .help = "carry out a plan, as answers give it, instead of reading a question"};
static const OpArgument conversation = {.name = "conversation",
                                        .type = ARGUMENT_JSON,
                                        .value = "JSON",
                                        .help = "what the answer before gave as its conversation: the question may follow it"};
static const OpArgument go_on = {.name = "continue",
                                 .type = ARGUMENT_FLAG,
                                 .help = "the question follows the last one that was asked: “and by region?”, “only S3”"};
static const OpArgument words = {.name = "words",
                                 .type = ARGUMENT_TEXT,
                                 .positional = true,
                                 .value = "WORDS",
                                 .help = "what it is about, and when: EC2 in September"};
static const OpArgument from = {
    .name = "from", .type = ARGUMENT_TEXT, .value = "PERIOD", .help = "period before: July, 2026-07, 2026-08-12"};
static const OpArgument to = {.name = "to", .type = ARGUMENT_TEXT, .value = "PERIOD", .help = "period after: August"};
static const OpArgument by = {
    .name = "by", .type = ARGUMENT_TEXT, .value = "DIMENSION", .help = "service, account, region, usage type, a tag key"};
static const OpArgument query = {.name = "query",
                                 .type = ARGUMENT_TEXT,
                                 .positional = true,
                                 .value = "QUERY",
                                 .help = "one SELECT statement on bill, bill_day or a table"};
static const OpArgument schema = {
    .name = "schema", .type = ARGUMENT_FLAG, .help = "list tables and columns that a query can read"};
static const OpArgument path = {.name = "path",
                                .type = ARGUMENT_PATH,
                                .positional = true,
                                .required = true,
                                .repeated = true,
                                .value = "PATH",
                                .help = "files, globs, folders, or the root of an export"};
static const OpArgument replace = {
    .name = "replace", .type = ARGUMENT_FLAG, .help = "drop what the workspace holds and take these files only"};
static const OpArgument out_file = {
    .name = "out", .type = ARGUMENT_PATH, .required = true, .value = "FILE", .help = "file to write, which must not exist yet"};
static const OpArgument file_format = {.name = "format",
                                       .type = ARGUMENT_TEXT,
                                       .value = "FORMAT",
                                       .choices = "csv|parquet",
                                       .help = "csv or parquet (default: by the ending of the file)"};
static const OpArgument of = {
    .name = "of", .type = ARGUMENT_TEXT, .value = "NAME", .help = "list the values of this dimension, dearest first"};
static const OpArgument search = {
    .name = "search", .type = ARGUMENT_TEXT, .value = "TEXT", .help = "only values that contain this, case ignored"};
static const OpArgument half_typed = {.name = "text",
                                      .type = ARGUMENT_TEXT,
                                      .positional = true,
                                      .required = true,
                                      .value = "TEXT",
                                      .help = "a question as far as it is typed"};
static const OpArgument port = {
    .name = "port", .type = ARGUMENT_TEXT, .value = "N", .help = "port to listen at (default 8765; 0 = any that is free)"};
static const OpArgument address = {.name = "address",
                                   .type = ARGUMENT_TEXT,
                                   .value = "IP",
                                   .help = "address to listen at (default 127.0.0.1: this machine only)"};
static const OpArgument host = {.name = "host",
                                .type = ARGUMENT_TEXT,
                                .repeated = true,
                                .value = "NAME",
                                .help = "name by which browsers may call the server, besides its address"};
static const OpArgument token = {
    .name = "token", .type = ARGUMENT_TEXT, .value = "TOKEN", .help = "access token (default: a new one per start)"};
static const OpArgument tls_cert = {
    .name = "tls-cert", .type = ARGUMENT_PATH, .value = "FILE", .help = "serve https with this certificate (PEM)"};
static const OpArgument tls_key = {.name = "tls-key", .type = ARGUMENT_PATH, .value = "FILE", .help = "and its key (PEM)"};
static const OpArgument out_folder = {
    .name = "out", .type = ARGUMENT_PATH, .required = true, .value = "DIR", .help = "folder to write to, made when missing"};
static const OpArgument rows = {
    .name = "rows", .type = ARGUMENT_COUNT, .value = "N", .help = "about so many line items (default 100000)"};
static const OpArgument seed = {
    .name = "seed", .type = ARGUMENT_COUNT, .value = "S", .help = "same seed and size, same bytes (default 1)"};

static const OpArgument tag = {.name = "tag",
                               .type = ARGUMENT_TEXT,
                               .value = "KEY",
                               .help = "tag that names the owner (default: team, owner, project, …)"};

static const OpArgument confidence = {.name = "confidence",
                                      .type = ARGUMENT_COUNT,
                                      .value = "PERCENT",
                                      .help = "count an owner as known from this probability on (default 90)"};
static const OpArgument commands = {
    .name = "commands", .type = ARGUMENT_FLAG, .help = "write commands that set these tags, to be reviewed and run by you"};

static const OpArgument period = {.name = "period",
                                  .type = ARGUMENT_TEXT,
                                  .value = "MONTH",
                                  .help = "month to judge: 2026-09 (default: the last complete one)"};

static const OpArgument days = {
    .name = "days", .type = ARGUMENT_COUNT, .value = "N", .help = "only the last N days (default: all that is kept)"};
static const OpArgument list = {.name = "list", .type = ARGUMENT_FLAG, .help = "list the questions themselves, latest first"};
static const OpArgument log_id = {
    .name = "id", .type = ARGUMENT_TEXT, .value = "ID", .help = "one question, by its id (default for feedback: the last one)"};
static const OpArgument log_user = {
    .name = "user", .type = ARGUMENT_TEXT, .value = "NAME", .help = "all questions of one user"};
static const OpArgument everything = {.name = "all", .type = ARGUMENT_FLAG, .help = "all questions of everybody"};
static const OpArgument thumbs = {.name = "thumbs",
                                  .type = ARGUMENT_TEXT,
                                  .positional = true,
                                  .required = true,
                                  .value = "UP|DOWN",
                                  .choices = "up|down",
                                  .help = "up: the answer was right; down: it was not what was meant"};
static const OpArgument why_wrong = {.name = "reason",
                                     .type = ARGUMENT_TEXT,
                                     .value = "TEXT",
                                     .help = "what was wrong: the period, the measure, a filter, the grouping"};

static const OpArgument topic = {
    .name = "topic",
    .type = ARGUMENT_TEXT,
    .positional = true,
    .required = true,
    .value = "TOPIC",
    .choices = "owners|architecture",
    .help = "owners: one row per resource; architecture: the bill by day, as `curlew architecture` reads it"};
static const OpArgument table = {
    .name = "table", .type = ARGUMENT_TEXT, .value = "NAME", .help = "your table of the bill in Athena (default: cur2)"};
static const OpArgument layout = {.name = "layout",
                                  .type = ARGUMENT_TEXT,
                                  .value = "LAYOUT",
                                  .choices = "cur2|legacy",
                                  .help = "CUR 2.0 (default), or legacy CUR with tags as columns"};

static const OpArgument *const ask_arguments[] = {&question, &go_on, &plan,  &conversation, &data, &direct, &workspace,
                                                  &dataset,  &as_of, &limit, &engine,       &llm,  NULL};
static const OpArgument *const chat_arguments[] = {&data, &direct, &workspace, &dataset, &as_of, &limit, NULL};
static const OpArgument *const why_arguments[] = {&words,     &from,    &to,    &by,    &data, &direct,
                                                  &workspace, &dataset, &as_of, &limit, NULL};
static const OpArgument *const outlook_arguments[] = {&words, &by, &data, &direct, &workspace, &dataset, &as_of, &limit, NULL};
static const OpArgument *const sql_arguments[] = {&query, &schema, &data, &direct, &workspace, &dataset, &limit, NULL};
static const OpArgument *const load_arguments[] = {&path, &workspace, &replace, NULL};
static const OpArgument *const data_arguments[] = {&data, &workspace, &dataset, NULL};
static const OpArgument format = {.name = "format",
                                  .type = ARGUMENT_TEXT,
                                  .repeated = true,
                                  .value = "FORMAT",
                                  .choices = "cur2|cur2-csv|legacy|focus|athena",
                                  .help = "form of the same bill, each in a folder of its own (default cur2)"};
static const OpArgument *const sample_arguments[] = {&out_folder, &rows, &seed, &format, NULL};
static const OpArgument demo_folder = {.name = "out",
                                       .type = ARGUMENT_PATH,
                                       .value = "DIR",
                                       .help = "folder for the sample and its workspace (default: one of the cache)"};
static const OpArgument clean = {.name = "clean", .type = ARGUMENT_FLAG, .help = "remove that folder at the end"};
static const OpArgument *const demo_arguments[] = {&demo_folder, &seed, &clean, NULL};
static const OpArgument *const owners_arguments[] = {&tag, &confidence, &commands, &data, &workspace, &dataset, &limit, NULL};
static const OpArgument rule = {.name = "rule",
                                .type = ARGUMENT_TEXT,
                                .value = "ID",
                                .help = "only what this rule finds, in full: evidence, formula, commands"};
static const OpArgument draw = {.name = "draw",
                                .type = ARGUMENT_TEXT,
                                .value = "FORM",
                                .choices = "mermaid|dot|svg",
                                .help = "the system as a picture: Mermaid or Graphviz text, or SVG (drawn by Graphviz)"};
static const OpArgument report_file = {.name = "report",
                                       .type = ARGUMENT_PATH,
                                       .value = "FILE",
                                       .help = "write a report to FILE: .html (one file, for a browser) or .md"};
static const OpArgument jira = {
    .name = "jira", .type = ARGUMENT_FLAG, .help = "a ticket's text for each finding, in Jira's markup"};
static const OpArgument *const architecture_arguments[] = {&period, &rule,      &draw,    &report_file, &jira,
                                                           &data,   &workspace, &dataset, NULL};
static const OpArgument *const workspace_arguments[] = {&data, &workspace, NULL};
static const OpArgument *const preview_arguments[] = {&data, &workspace, &dataset, &limit, NULL};
static const OpArgument *const fields_arguments[] = {&of, &search, &data, &workspace, &dataset, &limit, NULL};
static const OpArgument *const complete_arguments[] = {&half_typed, &data, &workspace, &dataset, NULL};
static const OpArgument *const export_arguments[] = {&out_file, &file_format, &data, &workspace, &dataset, NULL};
static const OpArgument *const serve_arguments[] = {&port, &address, &host, &token, &tls_cert, &tls_key, &workspace, NULL};
static const OpArgument *const stats_arguments[] = {&days, &list, &workspace, &limit, NULL};
static const OpArgument *const feedback_arguments[] = {&thumbs, &log_id, &why_wrong, &workspace, NULL};
static const OpArgument *const forget_arguments[] = {&log_id, &log_user, &everything, &workspace, NULL};
static const OpArgument *const athena_arguments[] = {&topic, &table, &layout, &tag, &from, &to, NULL};
static const OpArgument *const doctor_arguments[] = {&workspace, NULL};

const Operation operations[] = {
    {.name = "ask",
     .group = "Ask",
     .summary = "answer a question about your bill",
     .detail = "The answer says what was counted, over which period, with which filters, what was assumed, and shows its SQL. "
               "What cannot "
               "be answered from a bill, or was not understood, is declined with the reason: exit code 3.",
     .example = "curlew ask total cost by service\n"
                "curlew ask --data 'exports/*.csv' \"top 5 accounts last month\"\n"
                "curlew ask --json \"EC2 cost per day\"",
     .arguments = ask_arguments,
     .tabular = true,
     .run = op_ask},
    {.name = "chat",
     .group = "Ask",
     .summary = "ask one question after another; each may follow the one before",
     .detail =
         "“and by region?”, “only S3”, “what about August?”, “why?”, “the second one”, “go back”. Lines that begin with / are "
         "commands: /help lists them. On a terminal with history and completion by the Tab key; a pipe is read line by line, "
         "with --json each answer is one line.",
     .example = "curlew chat\ncurlew chat --data bill.csv < questions.txt",
     .arguments = chat_arguments,
     .converses = true,
     .run = op_chat},
    {.name = "why",
     .group = "Ask",
     .summary = "explain why cost changed between two periods",
     .detail = "What the change consists of (usage, price, coverage, new and gone, one-off charges), the dimension where it "
               "shows best, and the "
               "resources behind it. Without periods the last complete month against the one before.",
     .example = "curlew why August\ncurlew why EC2 in September --by \"usage type\"\ncurlew why --from July --to August",
     .arguments = why_arguments,
     .tabular = true,
     .run = op_why},
    {.name = "anomalies",
     .group = "Ask",
     .summary = "find unusual days, how large they are and what drove them",
     .example = "curlew anomalies\ncurlew anomalies in September\ncurlew anomalies EC2 --by account",
     .arguments = outlook_arguments,
     .tabular = true,
     .run = op_anomalies},
    {.name = "forecast",
     .group = "Ask",
     .summary = "forecast this month and months to come, with an interval",
     .example = "curlew forecast\ncurlew forecast next 3 months\ncurlew forecast this month --by service",
     .arguments = outlook_arguments,
     .tabular = true,
     .run = op_forecast},
    {.name = "owners",
     .group = "Investigate",
     .summary = "find who probably owns the resources without an owner tag",
     .detail = "Learns from the bill's own tagged resources: launch hours, names, other tags, parents, accounts. It examines "
               "itself on "
               "resources whose tag it hides, and says how often it is right. Nothing is changed in any account.",
     .example =
         "curlew owners --tag team\ncurlew owners --tag project --confidence 80 --csv\ncurlew owners --commands > tags.sh",
     .arguments = owners_arguments,
     .tabular = true,
     .run = op_owners},
    {.name = "architecture",
     .group = "Investigate",
     .summary = "infer the system, its waste and what to do about it from the bill",
     .detail = "Findings with what they cost and could save, how sure that is, commands to check and to fix; accounts, "
               "regions, pieces "
               "of the system and the traffic between them. Savings do not overlap and are never more than what a resource "
               "costs. What "
               "the bill does not allow to judge is named.",
     .example = "curlew architecture\ncurlew architecture --rule ebs-gp2-to-gp3\n"
                "curlew architecture --period 2026-09 --json\ncurlew architecture --draw svg > system.svg\n"
                "curlew architecture --report savings.html\ncurlew architecture --rule nat-idle --jira",
     .arguments = architecture_arguments,
     .run = op_architecture},
    {.name = "athena-sql",
     .group = "Investigate",
     .summary = "write a query for Athena that extracts what an investigation needs",
     .detail = "Nothing is sent anywhere: paste it into Athena, save its result as CSV, and give that file with --data.",
     .example = "curlew athena-sql owners --table billing.cur2 --tag team\n"
                "curlew athena-sql owners --layout legacy --from 2026-07 --to 2026-09\n"
                "curlew athena-sql architecture --table billing.cur2 --from 2026-07",
     .arguments = athena_arguments,
     .run = op_athena_sql},
    {.name = "questions",
     .group = "Ask",
     .summary = "suggest questions that your data can answer",
     .example = "curlew questions",
     .arguments = data_arguments,
     .run = op_questions},
    {.name = "sql",
     .group = "Ask",
     .summary = "run a SELECT statement of your own",
     .detail = "Only reading is possible: the statement is checked against a list of what is allowed and runs in a process "
               "without access "
               "to files or network.",
     .example = "curlew sql \"SELECT ServiceName, sum(BilledCost) AS cost FROM bill GROUP BY 1 ORDER BY 2 DESC\"\n"
                "curlew sql --schema",
     .arguments = sql_arguments,
     .tabular = true,
     .run = op_sql},
    {.name = "load",
     .group = "Bring in bills",
     .summary = "import AWS Cost and Usage Reports, FOCUS exports or other CSV files",
     .detail = "Files are recognised by their content. A billing period is replaced as a whole; files that are loaded already "
               "cost nothing. "
               "Interrupted, the workspace stays as it was.",
     .example = "curlew load ~/exports/cur2\ncurlew load bill.csv.gz more/*.parquet\ncurlew load --replace new-export",
     .arguments = load_arguments,
     .writes = true,
     .run = op_load},
    {.name = "profile",
     .group = "Bring in bills",
     .summary = "show what is loaded: period, columns, tags, values, what is odd",
     .example = "curlew profile\ncurlew profile --json --data bill.csv",
     .arguments = data_arguments,
     .run = op_profile},
    {.name = "datasets",
     .group = "Bring in bills",
     .summary = "list what is loaded: data sets with size, period and source",
     .example = "curlew datasets",
     .arguments = workspace_arguments,
     .run = op_datasets},
    {.name = "preview",
     .group = "Bring in bills",
     .summary = "show the first rows of a data set",
     .example = "curlew preview --limit 5 --csv",
     .arguments = preview_arguments,
     .tabular = true,
     .run = op_preview},
    {.name = "fields",
     .group = "Bring in bills",
     .summary = "list measures, dimensions, tags and concepts, or the values of one",
     .example = "curlew fields\ncurlew fields --of ServiceName --search elastic",
     .arguments = fields_arguments,
     .run = op_fields},
    {.name = "export",
     .group = "Bring in bills",
     .summary = "write a whole data set, normalised, as CSV or Parquet",
     .example = "curlew export --out bill.parquet\ncurlew export --dataset volumes --format csv --out volumes.csv",
     .arguments = export_arguments,
     .writes = true,
     .run = op_export},
    {.name = "complete",
     .group = "Ask",
     .summary = "say how a half-typed question may go on",
     .example = "curlew complete \"cost of amazon ela\"",
     .arguments = complete_arguments,
     .run = op_complete},
    {.name = "serve",
     .group = "Open it to others",
     .summary = "serve the web application and the HTTP API",
     .detail = "Listens on this machine only unless --address says more. The link that is printed carries an access token, new "
               "at each "
               "start unless --token gives one. Ctrl-C stops it; what runs may end first.",
     .example = "curlew serve\ncurlew serve --port 9000\n"
                "curlew serve --address 0.0.0.0 --host curlew.example.com --tls-cert cert.pem --tls-key key.pem",
     .arguments = serve_arguments,
     .serves = true,
     .run = op_serve},
    {.name = "stats",
     .group = "Learn from use",
     .summary = "show what was asked: patterns, success, speed, words not understood",
     .detail = "Every question is kept for 90 days in a log on this machine. CURLEW_LEARN=off keeps nothing, "
               "CURLEW_LEARN=redact no words.",
     .example = "curlew stats\ncurlew stats --days 7\ncurlew stats --list --csv",
     .arguments = stats_arguments,
     .tabular = true,
     .run = op_stats},
    {.name = "feedback",
     .group = "Learn from use",
     .summary = "say whether an answer was right",
     .example = "curlew feedback up\ncurlew feedback down --reason \"the wrong month\"",
     .arguments = feedback_arguments,
     .run = op_feedback},
    {.name = "forget",
     .group = "Learn from use",
     .summary = "remove questions from the log for good",
     .example = "curlew forget --all\ncurlew forget --user anna",
     .arguments = forget_arguments,
     .writes = true,
     .run = op_forget},
    {.name = "demo",
     .group = "Try and check",
     .summary = "a guided tour on a fresh sample bill, in less than a minute",
     .detail = "Every step says the command that does it, so that you can go on alone with the bill of the tour.",
     .example = "curlew demo\ncurlew demo --seed 3 --out /tmp/tour",
     .arguments = demo_arguments,
     .writes = true,
     .run = op_demo},
    {.name = "sample",
     .group = "Try and check",
     .summary = "write a realistic sample bill to practise with",
     .detail =
         "Each seed is another organisation: accounts, teams, habits, planted waste. truth.json beside the bill says what is "
         "true of it: totals, owners, findings, causes of changes.",
     .example = "curlew sample --out /tmp/sample --rows 100000 --seed 7\n"
                "curlew sample --out /tmp/sample --format legacy --format focus",
     .arguments = sample_arguments,
     .writes = true,
     .run = op_sample},
    {.name = "doctor",
     .group = "Try and check",
     .summary = "check this installation and say what to do about problems",
     .example = "curlew doctor",
     .arguments = doctor_arguments,
     .run = op_doctor},
    {0}};

const Operation *operation_find(const char *name) {
    for (const Operation *operation = operations; operation->name; operation++)
        if (text_equal(operation->name, name)) return operation;
    return NULL;
}

const char *program_version(void) {
    return CURLEW_VERSION;
}

const char *engine_version(void) {
    return duck_version();
}
