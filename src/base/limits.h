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

/* Result of one query: more rows than a reader can use; a caller says less where it needs less. */
#define RESULT_ROWS 10000
#define RESULT_BYTES ((size_t)64 * 1024 * 1024)
#define RESULT_TYPED_BYTES ((size_t)8 * 1024 * 1024)
#define RESULT_CELL_BYTES 4096

/* A query that has not finished by then is interrupted. */
#define QUERY_TIMEOUT_MS 120000
#define SQL_TYPED_TIMEOUT_MS 10000

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

/* A sample bill: fewer lines show nothing, more do not fit on a disk. Usage of the open month ends at this hour. */
#define SAMPLE_ROWS_LEAST 1000LL
#define SAMPLE_ROWS_MOST 1000000000LL
#define SAMPLE_LAST_HOUR 9

/* A plan: more items in one of its lists, or more values in one filter, come from no question. Columns that the rows of a wide
 * table show unasked. */
#define PLAN_ITEMS 64
#define PLAN_VALUES 2000
#define PLAN_DIMENSIONS 3
#define DETAIL_COLUMNS 60

#endif
