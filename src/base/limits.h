/* base/limits.h: every ceiling of the program with its reason. Reaching one is an error that a user understands. */
#ifndef CURLEW_BASE_LIMITS_H
#define CURLEW_BASE_LIMITS_H

/* Memory of an arena is taken from the system in blocks of this size: a whole answer fits in one or two. */
#define ARENA_BLOCK_BYTES ((size_t)64 * 1024)

/* An error message is one sentence; longer ones (a path of 4 KiB in them) are cut. */
#define ERR_MESSAGE_BYTES 1024

/* A question longer than this is not a question. */
#define QUESTION_BYTES 1000
#define QUESTION_TOKENS 60

/* SQL typed by a user, and SQL compiled from a plan (rules and long IN lists are longer). */
#define SQL_TYPED_BYTES (8 * 1024)
#define SQL_COMPILED_BYTES (256 * 1024)

/* What a statement may consist of, so that checking and planning it stays a matter of milliseconds: nodes of its syntax tree (a long question
 * of a person has 300), queries in WITH, joins, sets of groups, parts of a name, bytes of a literal, rows of a series. */
#define GUARD_TYPED_NODES 3000
#define GUARD_COMPILED_NODES 100000
#define GUARD_CTES 100
#define GUARD_JOINS 6
#define GUARD_COMPILED_JOINS 40
#define GUARD_GROUP_SETS 64
#define GUARD_NAME_PARTS 4
#define GUARD_CONSTANT_BYTES 1000
#define GUARD_SERIES_ROWS 100000
/* What a refusal quotes of the SQL. */
#define GUARD_QUOTED_BYTES 300
/* Tables that a refusal names before it says "…". */
#define GUARD_TABLES_NAMED 6
/* The parser's engine holds one syntax tree and its text. */
#define GUARD_PARSER_BYTES ((size_t)512 * 1024 * 1024)
#define GUARD_PARSER_TIMEOUT_MS 10000

/* Compiled texts whose verdict a guard remembers: the tiles of a page and the questions that people repeat; longer texts are rare. */
#define GUARD_SEEN 128
#define GUARD_SEEN_BYTES ((size_t)16 * 1024)

/* Result of one query: more rows than a reader can use; a caller says less where it needs less. */
#define RESULT_ROWS 10000
#define RESULT_BYTES ((size_t)64 * 1024 * 1024)
#define RESULT_TYPED_BYTES ((size_t)8 * 1024 * 1024)
#define RESULT_CELL_BYTES 4096

/* Small results that an engine remembers, for sentences that many answers have in common, and the bytes of one with its text. */
#define ENGINE_RECALLED 512
#define ENGINE_RECALLED_BYTES ((size_t)32 * 1024)

/* A query that has not finished by then is interrupted. */
#define QUERY_TIMEOUT_MS 120000
#define SQL_TYPED_TIMEOUT_MS 10000

/* The process that runs typed SQL: memory of its engine, address space beside that (libraries, stacks, the allocator's reserves; what the
 * engine's own limit does not see ends here), threads, the request that it reads, files of a workspace, and the time between the
 * interrupt and the end by force. */
#define WORKER_MEMORY_BYTES ((size_t)1024 * 1024 * 1024)
#define WORKER_ADDRESS_BYTES ((size_t)1024 * 1024 * 1024)
#define WORKER_THREADS 4
#define WORKER_REQUEST_BYTES ((size_t)16 * 1024 * 1024)
#define WORKER_OPEN_FILES 8192
#define WORKER_GRACE_MS 2000
/* What a result may be longer than its limit: one row of the widest table with the longest cells. */
#define WORKER_RESULT_SLACK_BYTES ((size_t)SOURCE_COLUMNS * RESULT_CELL_BYTES * 2)

/* How often a running statement looks at its deadline and at Ctrl-C: what a person feels as at once. */
#define DUCK_WATCH_MS 20

/* A lock that another process holds is tried again this often. */
#define FILE_LOCK_POLL_MS 20

/* Zip archives: AWS packs one report file each; a month of the biggest payers is some 100 GB unpacked. A bill packs to a
 * tenth or a fiftieth of its size, deflate at best to a thousandth; small archives are not judged by that. */
#define ZIP_MEMBERS 10000
#define ZIP_MEMBER_BYTES (200ULL << 30)
#define ZIP_TOTAL_BYTES (400ULL << 30)
#define ZIP_RATIO 200
#define ZIP_RATIO_FLOOR_BYTES (64ULL << 20)
#define ZIP_NAME_BYTES 100

/* Nesting of JSON that others wrote (manifests, ASTs, tag maps). */
#define JSON_DEPTH 200
/* A manifest of an export: the biggest seen is 30 KB; one with thousands of files stays below this. */
#define MANIFEST_BYTES ((size_t)16 * 1024 * 1024)

/* Columns of one source file: the widest export seen has 201. */
#define SOURCE_COLUMNS 2000
/* Tag keys that become columns: AWS activates at most 500 a payer. */
#define TAG_KEYS 600
/* Files of one load: 20 years of monthly deliveries in 500 parts each. */
#define SOURCE_FILES 100000
/* What is read of a file to find out what it is: enough for the header and some rows of any bill seen; a first record longer
 * than the second figure is taken for a quote that never closes. */
#define SOURCE_FIRST_HEAD_BYTES ((size_t)128 * 1024)
#define SOURCE_HEAD_BYTES ((size_t)1024 * 1024)
/* Records read to find the delimiter: ragged ones among them must not decide. */
#define SOURCE_SNIFF_RECORDS 50
/* Threads that check packed files, at most; more of them only wait for the disk. */
#define SOURCE_THREADS 8
/* Notes about single files of one load; what is beyond is counted in one last note. */
#define SOURCE_NOTES 200
/* Depth to which folders are searched for exports. */
#define FOLDER_DEPTH 16

/* Distinct values per dimension that the catalog keeps for linking words to values; ResourceId is looked up instead. */
#define DICTIONARY_VALUES 50000

/* Months that a catalog lists: fifty years; dates outside are mistakes of the file. */
#define CATALOG_MONTHS 600
/* Dictionary rows of all snapshots up to which a catalog merges them itself; the engine, which starts slower, merges more. */
#define DICTIONARY_MERGE_ROWS 20000
/* Rows of a table from which its columns are classified: values of one kind show in far fewer. */
#define CLASSIFY_SAMPLE_ROWS 200
/* Dictionaries up to this size are searched for the lines of a concept when a catalog is loaded; longer ones (descriptions of
 * a big FOCUS export) would take longer than the whole load may, so that concepts on them count as present. */
#define CONCEPT_VALUES 2000
/* Questions that are suggested, and top values of a column in a profile. */
#define SUGGESTED_QUESTIONS 10
#define PROFILE_TOP_VALUES 5

/* Decimal digits that money keeps behind the point: printed decimals, and doubles (which hold no more). */
#define MONEY_SCALE_TEXT 12
#define MONEY_SCALE_DOUBLE 10

/* A CSV record longer than this is a quote that never closes, not a line of a bill. */
#define CSV_LINE_BYTES ((size_t)4 * 1024 * 1024)
/* Rows that do not fit their file: details are kept of this many, all are counted by what is missing. Shown are the first few. */
#define REJECTED_ROWS 100000
#define REJECTED_ROWS_SHOWN 5
/* Rows of a file from which is guessed what is constant in it, and how much of a packed file is unpacked for them. */
#define CONSTANT_SAMPLE_ROWS 64
#define CSV_HEAD_LINE_BYTES ((size_t)256 * 1024)
#define CSV_HEAD_BLOCK_BYTES ((size_t)1024 * 1024)
/* First rows from which is read how a bill that is asked in place is to be read. */
#define DIRECT_HEAD_ROWS 20000
/* Progress of a load is told this often, and Ctrl-C heeded. */
#define LOAD_PROGRESS_MS 200
/* Deliveries that are imported at the same time: two fill the time in which one waits for the disk or runs on one thread; more would divide
 * the memory into parts that do not hold a month. */
#define LOAD_IMPORTERS 2
/* Remarks on one delivery that anybody reads. */
#define LOAD_ODDITIES 50
/* Rows of one INSERT of our own small tables: the parser's time grows faster than their number. */
#define SQL_INSERT_ROWS 500
/* Memory of the engine while importing: the whole process stays below 2 GiB; what does not fit is spilled. */
#define LOAD_MEMORY_BYTES ((size_t)900 * 1024 * 1024)
/* Tags with more values than this would make the daily rollup as long as the bill. A rollup longer than this share is not worth it. */
#define ROLLUP_TAG_VALUES 500
/* Up to so many values a tag groups; with more it may name single resources. */
#define ROLLUP_TAG_FEW 50
#define ROLLUP_SHARE_PERCENT 60
/* Joined rollups: beyond so many rows they would be copied for too long at every load; from so many on a monthly one is made, where it
 * has no more than this share of the rows. */
#define ROLLUP_JOINED_ROWS 3000000LL
#define ROLLUP_MONTH_ROWS 20000LL
/* Joined rollups of fewer rows are written by one thread. */
#define ROLLUP_PARALLEL_ROWS 500000LL
#define ROLLUP_MONTH_SHARE_PERCENT 50
/* Version of what an import writes: part of fingerprints, so that a new version imports again. */
#define LOAD_FORMAT 6
/* Imports of paths that were only asked about: so many are kept, and every one for these seconds. */
#define CACHE_IMPORTS 20
#define CACHE_KEEP_S (6 * 3600LL)
/* A workspace's manifest: about 20 KB per snapshot, 10 years of monthly periods of ten payers. */
#define WORKSPACE_MANIFEST_BYTES ((size_t)256 * 1024 * 1024)
/* A lock that another import holds is waited for this long before the load gives up. */
#define WORKSPACE_LOCK_MS 600000

/* A sample bill: fewer lines show nothing, more do not fit on a disk. Usage of the open month ends at this hour. */
#define SAMPLE_ROWS_LEAST 1000LL
#define SAMPLE_ROWS_MOST 1000000000LL
#define SAMPLE_LAST_HOUR 9
/* A data file of a sample bill: as many lines as an export's own files hold, and what the engine sorts in memory. Resources whose owners truth.json lists. */
#define SAMPLE_FILE_ROWS 1000000LL
#define SAMPLE_OWNERS 200000
/* Memory of the engine that makes a sample: what two writers hold of their files, with room; the rest goes to the disk. */
#define SAMPLE_WRITERS 2
#define SAMPLE_MEMORY ((size_t)1000 << 20)

/* A plan: more items in one of its lists, or more values in one filter, come from no question. Columns that the rows of a wide
 * table show unasked. */
#define PLAN_ITEMS 64
#define PLAN_VALUES 2000
#define PLAN_DIMENSIONS 3
#define DETAIL_COLUMNS 60

/* A conversation: turns that one can go back, rows of an answer that can be spoken of ("the second one") with their bytes, readings
 * that a question back offers, and the JSON that a client may send. */
#define CONVERSATION_TURNS 20
#define CONVERSATION_ROWS 100
#define CONVERSATION_KEY_BYTES ((size_t)16 * 1024)
#define CONVERSATION_OFFERS 3
#define CONVERSATION_BYTES ((size_t)1024 * 1024)
/* Workspaces whose last conversation is kept for `ask --continue`. */
#define CONVERSATION_FILES 50
/* A conversation on a terminal: a line that is typed or piped in (what is longer is no question), lines of history kept. */
#define CHAT_LINE_BYTES ((size_t)64 * 1024)
#define CHAT_HISTORY_LINES 1000
#define CHAT_HISTORY_BYTES ((size_t)256 * 1024)

/* Rows of an answer that are told at once: the first of a long table are seen before the last are written. */
#define EVENT_ROWS ((size_t)200)

/* A plan or a conversation given to a call as JSON: the longest plan has some thousand values, a conversation its own ceiling. */
#define ARGUMENT_JSON_BYTES CONVERSATION_BYTES

/* Recommendations of one answer; lines beyond which they read only the rollup (a scan would take longer than the answer itself); hours
 * (a week) below which nothing can be called steady. */
#define RECOMMENDATIONS 2
#define RECOMMEND_LINES 500000LL
#define RECOMMEND_HOURS 168

/* A forecast further ahead than a year is a wish. */
#define FORECAST_DAYS 366

/* Owners of untagged resources: resources of one bill (an organisation with more asks account by account) and the bytes of their rows, tags
 * beside the wanted one that are learned from (fewer than bits of a word), tag keys that a refusal names. */
#define OWNERS_RESOURCES ((size_t)1000000)
#define OWNERS_BYTES ((size_t)1024 * 1024 * 1024)
#define OWNERS_LABELS ((size_t)60)
#define OWNERS_KEYS_NAMED ((size_t)12)
/* Tagged resources that are hidden to learn and to examine: more of them change nothing in the second digit. */
#define OWNERS_TRIALS ((size_t)5000)
/* Resources that the report shows unasked. */
#define OWNERS_SHOWN ((size_t)15)

/* The server. A body of JSON: a conversation and a plan, with room. Headers and the request's line; what the library may read of them
 * before it refuses, and at a time of an upload. Connections: a hundred people with a few tabs each; a few more are told that there are too
 * many. A connection that says nothing for so long is ended. */
#define SERVER_BODY_BYTES ((size_t)3 * 1024 * 1024)
#define SERVER_HEAD_BYTES ((size_t)24 * 1024)
#define SERVER_PATH_BYTES ((size_t)2048)
#define SERVER_CONNECTION_BYTES ((size_t)192 * 1024)
#define SERVER_CONNECTIONS 512
#define SERVER_CONNECTIONS_MOST 600
#define SERVER_BACKLOG 256
#define SERVER_IDLE_S 60
/* Stacks of a connection's thread, which copies bytes, and of a worker, which parses and plans. */
#define SERVER_STACK_BYTES ((size_t)512 * 1024)
#define SERVER_WORKER_STACK_BYTES ((size_t)8 * 1024 * 1024)
/* Questions answered at a time, per core and at most: more would only make each slower, and each holds a catalog. So many wait. */
#define SERVER_WORKERS_PER_CORE 2
#define SERVER_WORKERS_MOST 16
#define SERVER_WAITING 256
/* Whole data sets written for a download at a time: each keeps the disk and a core busy. */
#define SERVER_EXPORTS 2
/* How often a waiting connection looks whether its client is gone; the silence after which a stream says that it lives; the time that what
 * runs has to end when the server stops. */
#define SERVER_WATCH_MS 100
#define SERVER_HEARTBEAT_MS 15000
#define SERVER_STOP_MS 5000
/* An access token: chosen by a user it must not be guessed. */
#define SERVER_TOKEN_LEAST 16
#define SERVER_TOKEN_MOST 200
/* Names that --host allows. */
#define SERVER_HOSTS 20

/* Uploads: the largest month of the largest payers unpacked; names as file systems take them; begun ones are kept for a week. */
#define UPLOAD_BYTES (400LL << 30)
#define UPLOAD_NAME_BYTES 200
#define UPLOADS 10000
#define UPLOAD_KEEP_S (7 * 24 * 3600LL)
/* Room that an upload leaves on the disk. */
#define UPLOAD_SPARE_BYTES (256LL << 20)
/* Imports that are remembered until the server ends, and how often a stream of their progress speaks. */
#define IMPORTS_KEPT 20
#define IMPORT_EVENT_MS 200

/* Rows of a row group of a snapshot, half of the engine's default: a month of a middling bill still fills one per thread, so that compressing
 * them is shared and nothing is left for the end. */
#define SNAPSHOT_ROW_GROUP_ROWS 61440LL

/* Rows that one inference rule may give: candidates, one per resource of the largest organisations. */
#define FEATURE_ROWS 200000
/* Groups of resources, and kinds of traffic between them, that a picture of a system has: the dearest; pictures show far fewer. */
#define GRAPH_NODES 3000
#define GRAPH_EDGES 3000
/* A picture that Graphviz draws: some hundred KB in a second; what takes longer is no picture that anybody reads. */
#define DRAWING_BYTES ((size_t)16 * 1024 * 1024)
#define DRAWING_TIMEOUT_MS 30000

/* Headers of a request that is signed; a call of any AWS service has fewer than ten. */
#define AWS_HEADERS 40
/* One message of an AWS event stream: the format's own ceilings for payload and headers. */
#define EVENT_MESSAGE_BYTES ((size_t)24 * 1024 * 1024)
#define EVENT_HEADERS_BYTES ((size_t)128 * 1024)
#define EVENT_HEADERS 200

/* An HTTP exchange as a client: connecting takes a moment or never succeeds, a model may think for minutes; an answer of a model or a
 * table's page stays below the body's ceiling. */
#define HTTP_CONNECT_TIMEOUT_MS 5000
#define HTTP_TIMEOUT_MS 120000
#define HTTP_BODY_BYTES ((size_t)32 * 1024 * 1024)
#define HTTP_HEADERS 100
/* How often a silent exchange looks at Ctrl-C. */
#define HTTP_WATCH_MS 50

/* AWS's shared files and what a provider of credentials answers; how long one of those may take (a program may open a browser's window), and the
 * instance's metadata service, which answers at once where it is. Credentials are renewed so long before they end. Roles that lead to
 * roles. What is shown of a service's own sentence. */
#define AWS_CONFIG_BYTES ((size_t)1024 * 1024)
#define AWS_CREDENTIALS_TIMEOUT_MS 60000
#define AWS_METADATA_TIMEOUT_MS 1000
#define AWS_RENEW_S 300
#define AWS_ROLE_DEPTH 5
#define AWS_FAULT_BYTES 400

/* A turn with a language model. Answers are plans and some paragraphs: 4096 tokens are some 16 KB, and what a server may send at most is far
 * above. An event of a stream carries a few tokens; one with a whole answer must fit too. The whole of a turn, its retries included, and the
 * most a user may set. Tries, the first wait and the longest between them. The file of settings; a record of many turns. */
#define LLM_MAX_TOKENS 4096
#define LLM_MAX_TOKENS_MOST 200000
#define LLM_ANSWER_BYTES ((size_t)1024 * 1024)
#define LLM_BODY_BYTES ((size_t)8 * 1024 * 1024)
#define LLM_PARTS 64
#define SSE_EVENT_BYTES ((size_t)4 * 1024 * 1024)
#define LLM_TIMEOUT_MS 120000
#define LLM_TIMEOUT_MOST_MS 1800000
#define LLM_TRIES 6
#define LLM_WAIT_MS 500
#define LLM_WAIT_MOST_MS 20000
#define LLM_MODEL_PAGES 20
#define LLM_MODELS 5000
#define LLM_CONFIG_BYTES ((size_t)64 * 1024)
#define LLM_RECORD_BYTES ((size_t)64 * 1024 * 1024)
#define LLM_FAULT_BYTES 400

/* How long a writer waits for another one: a commit takes below a millisecond, a vacuum some seconds. */
#define SQLITE_WAIT_MS 5000

/* What is kept of a question: its text is limited already, a plan with hundreds of values is cut out. Days before it is forgotten. */
#define LEARN_PLAN_BYTES ((size_t)16 * 1024)
#define LEARN_RETENTION_DAYS 90
/* Questions that wait to be written: more than this many and new ones wait for the disk. */
#define LEARN_WAITING 1024
/* Answers kept for the same plan on the same data, and the longest that is: a table of some hundred rows. */
#define LEARN_RESULTS 2000
#define LEARN_RESULT_BYTES ((size_t)256 * 1024)
/* Rows of a list of the dashboard, and of an export of the log. */
#define LEARN_TOP_ROWS 10
#define LEARN_EXPORT_ROWS 1000000

/* An answer waits so long for the record of the one before it: writing takes milliseconds, unless the disk is in trouble. */
#define LEARN_AWAIT_S 2

/* A log shared in DynamoDB: items of one batch, bytes of one item, and partition of days that are looked through at most (the service's own
 * ceilings, a retention of a year). One request, and what the end of a program waits for what is under way. */
#define DYNAMO_BATCH ((size_t)25)
#define DYNAMO_ITEM_BYTES ((size_t)400 * 1024)
#define DYNAMO_TIMEOUT_MS 5000
#define LEARN_SHARED_DAYS 366
#define LEARN_CLOSE_MS 1500
/* Tries of one batch before the rest waits for the next question, the pause before the second try (doubled with every further one, up to the
 * second figure), and how often others' items are looked for. */
#define LEARN_TRIES 6
#define LEARN_PAUSE_MS 50
#define LEARN_PAUSE_MOST_MS 300000
#define LEARN_FETCH_S 300
#define LEARN_SEND_AGAIN_MS 2000
/* Who is at sending holds the queue for so long after its last sign of life. */
#define LEARN_LEASE_S 30

/* Sections of a document's template within each other: a report has five. */
#define TEMPLATE_DEPTH 16

#endif
