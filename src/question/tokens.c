/* question/tokens.c: see question/tokens.h. */
#include "question/tokens.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"
#include "base/text.h"
#include "question/normalise.h"

/* The tokeniser's place in the text. */
typedef struct {
    Arena *arena;
    const char *at;
    Tokens *tokens;
    bool full;
} Scanner;

static bool is_word_byte(char c) {
    return isalnum((unsigned char)c) || (unsigned char)c >= 0x80 || c == '_';
}

static Token *add(Scanner *scanner, TokenKind kind, const char *text, const char *norm) {
    if (scanner->tokens->count >= QUESTION_TOKENS) {
        scanner->full = true;
        return NULL;
    }
    Token *token = &scanner->tokens->items[scanner->tokens->count++];
    *token = (Token){.kind = kind, .text = text, .norm = norm};
    return token;
}

/* value × 10^shift as plain decimal text. */
static const char *scaled(Arena *arena, const char *digits, int shift) {
    Decimal value;
    if (!decimal_parse(arena_printf(arena, "%se%d", digits, shift), &value)) return digits;
    return decimal_text(arena, value);
}

/* Reads the digits of a number (with thousands separators) at `at`; gives the bytes read, 0 when there is no number. */
static size_t number_size(const char *at) {
    size_t size = 0;
    while (isdigit((unsigned char)at[size])) size++;
    if (size == 0) return 0;
    while (at[size] == ',' && isdigit((unsigned char)at[size + 1]) && isdigit((unsigned char)at[size + 2]) &&
           isdigit((unsigned char)at[size + 3]) && !isdigit((unsigned char)at[size + 4]))
        size += 4;
    if (at[size] == '.' && isdigit((unsigned char)at[size + 1])) {
        size++;
        while (isdigit((unsigned char)at[size])) size++;
    }
    return size;
}

static const char *digits_only(Arena *arena, const char *at, size_t size) {
    Buffer out = {.arena = arena};
    for (size_t i = 0; i < size; i++)
        if (at[i] != ',') buffer_add_char(&out, at[i]);
    return buffer_text(&out);
}

/* The power of ten of a suffix like "k", "m", "bn" at `at`; its bytes go to `size`. */
static int magnitude(const char *at, size_t *size) {
    static const struct {
        const char *suffix;
        int shift;
    } SUFFIXES[] = {{"thousand", 3}, {"grand", 3}, {"million", 6}, {"billion", 9}, {"mio", 6},
                    {"bn", 9},       {"mm", 6},    {"k", 3},       {"m", 6},       {"b", 9}};
    size_t space = at[0] == ' ' ? 1 : 0;
    for (size_t i = 0; i < sizeof SUFFIXES / sizeof *SUFFIXES; i++) {
        size_t length = strlen(SUFFIXES[i].suffix);
        if (space && length < 4) continue;
        if (text_starts_fold(at + space, SUFFIXES[i].suffix) && !is_word_byte(at[space + length])) {
            *size = space + length;
            return SUFFIXES[i].shift;
        }
    }
    *size = 0;
    return 0;
}

/* Whether one of `words` stands at `at` (after at most one space); its bytes with the space go to `size`. */
static bool unit_follows(const char *at, const char *const *words, size_t count, size_t *size) {
    size_t space = at[0] == ' ' ? 1 : 0;
    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(words[i]);
        if (text_starts_fold(at + space, words[i]) && (!is_word_byte(at[space + length]) || words[i][0] == '%')) {
            *size = space + length;
            return true;
        }
    }
    return false;
}

/* Reads a number with its sign of money, percent, order or size. False when a word goes on after it ("3par", "1-15"). */
static bool scan_number(Scanner *scanner) {
    static const char *const PERCENT[] = {"%", "percent", "pct", "per cent", "percentage points"};
    static const char *const DOLLARS[] = {"usd", "dollars", "dollar", "bucks", "$", "eur", "euros", "gbp", "pounds"};
    static const char *const CENTS[] = {"cents", "cent"};
    static const char *const ORDINALS[] = {"st", "nd", "rd", "th"};
    const char *start = scanner->at;
    bool money = *start == '$';
    const char *at = start + (money ? 1 : 0);
    if (money && *at == ' ') at++;
    size_t size = number_size(at);
    if (size == 0) return false;
    const char *digits = digits_only(scanner->arena, at, size);
    const char *end = at + size;
    size_t more = 0;
    int shift = magnitude(end, &more);
    TokenKind kind = money ? TOKEN_MONEY : TOKEN_NUMBER;
    bool ordinal = false;
    end += more;
    if (unit_follows(end, DOLLARS, sizeof DOLLARS / sizeof *DOLLARS, &more)) {
        kind = TOKEN_MONEY;
        end += more;
    } else if (!money && unit_follows(end, CENTS, 2, &more)) {
        kind = TOKEN_MONEY;
        shift = -2;
        end += more;
    } else if (!money && unit_follows(end, PERCENT, sizeof PERCENT / sizeof *PERCENT, &more)) {
        kind = TOKEN_PERCENT;
        end += more;
    } else if (!money && *end != ' ' && unit_follows(end, ORDINALS, 4, &more)) {
        ordinal = true;
        end += more;
    } else if (is_word_byte(*end) || (strchr("-_./:", *end) && *end && isalpha((unsigned char)end[1]))) {
        return false; /* the digits start a word: "3par", "1-year" */
    }
    Token *token =
        add(scanner, kind, arena_text_n(scanner->arena, start, (size_t)(end - start)), scaled(scanner->arena, digits, shift));
    if (token) token->ordinal = ordinal;
    scanner->at = end;
    return true;
}

/* YYYY-MM-DD, and YYYY/MM/DD. */
static bool scan_date(Scanner *scanner) {
    const char *at = scanner->at;
    static const char FORM[] = "dddd-dd-dd";
    for (size_t i = 0; i < sizeof FORM - 1; i++) {
        if (FORM[i] == 'd' ? !isdigit((unsigned char)at[i]) : at[i] != '-' && at[i] != '/') return false;
    }
    if (is_word_byte(at[10])) return false;
    char *text = arena_text_n(scanner->arena, at, 10);
    char *norm = arena_text(scanner->arena, text);
    norm[4] = norm[7] = '-';
    add(scanner, TOKEN_DATE, text, norm);
    scanner->at += 10;
    return true;
}

/* 29/11/2024, 29.11.2024, 11/29/2024: only where a number above 12 says which one is the day. */
static bool scan_day_first(Scanner *scanner) {
    const char *at = scanner->at;
    unsigned parts[3] = {0, 0, 0};
    char mark = '\0';
    for (size_t i = 0; i < 3; i++) {
        size_t digits = 0;
        while (digits < 4 && isdigit((unsigned char)*at)) {
            parts[i] = parts[i] * 10 + (unsigned)(*at++ - '0');
            digits++;
        }
        if (i < 2 ? digits < 1 || digits > 2 : digits != 4) return false;
        if (i == 0) mark = *at;
        if (i < 2 && (*at++ != mark || (mark != '/' && mark != '.'))) return false;
    }
    bool day_first = parts[0] > 12 && parts[1] <= 12, month_first = parts[1] > 12 && parts[0] <= 12;
    if (parts[0] == parts[1]) day_first = true; /* both ways the same day */
    if ((!day_first && !month_first) || is_word_byte(*at)) return false;
    unsigned day = day_first ? parts[0] : parts[1], month = day_first ? parts[1] : parts[0];
    char *text = arena_text_n(scanner->arena, scanner->at, (size_t)(at - scanner->at));
    add(scanner, TOKEN_DATE, text, arena_printf(scanner->arena, "%04u-%02u-%02u", parts[2], month, day));
    scanner->at = at;
    return true;
}

static bool scan_quoted(Scanner *scanner) {
    char quote = *scanner->at;
    if (quote != '"' && quote != '\'' && quote != '`') return false;
    const char *end = strchr(scanner->at + 1, quote);
    if (!end || end == scanner->at + 1) return false;
    if (quote == '\'' && is_word_byte(end[1])) return false; /* an apostrophe, not a quote */
    char *text = arena_text_n(scanner->arena, scanner->at + 1, (size_t)(end - scanner->at - 1));
    add(scanner, TOKEN_QUOTED, text, text_lower(scanner->arena, text));
    scanner->at = end + 1;
    return true;
}

/* "what's" → what is, "didn't" → did not, "account's" → account. */
static void add_contracted(Scanner *scanner, const char *base, const char *ending) {
    static const struct {
        const char *ending, *word;
    } ENDINGS[] = {{"re", "are"}, {"ve", "have"}, {"ll", "will"}, {"d", "would"}, {"m", "am"}};
    static const char *const IS_AFTER[] = {"what", "where", "who", "how", "that", "it", "there", "when", "which", "here"};
    const char *lower = text_lower(scanner->arena, base);
    if (text_equal(ending, "t") && text_ends(lower, "n")) {
        const char *verb = text_equal(lower, "won")   ? "will"
                           : text_equal(lower, "can") ? "can"
                                                      : arena_text_n(scanner->arena, lower, strlen(lower) - 1);
        add(scanner, TOKEN_WORD, verb, verb);
        add(scanner, TOKEN_WORD, "not", "not");
        return;
    }
    add(scanner, TOKEN_WORD, base, lower);
    for (size_t i = 0; i < sizeof ENDINGS / sizeof *ENDINGS; i++)
        if (text_equal(ending, ENDINGS[i].ending)) add(scanner, TOKEN_WORD, ENDINGS[i].word, ENDINGS[i].word);
    for (size_t i = 0; text_equal(ending, "s") && i < sizeof IS_AFTER / sizeof *IS_AFTER; i++)
        if (text_equal(lower, IS_AFTER[i])) add(scanner, TOKEN_WORD, "is", "is");
}

/* A word with the punctuation inside it. */
static bool scan_word(Scanner *scanner) {
    const char *start = scanner->at;
    if (!is_word_byte(*start)) return false;
    const char *at = start;
    while (is_word_byte(*at) || (*at && strchr("-._:/+@#&*=", *at) && (is_word_byte(at[1]) || (*at == ':' && at[1] == ':'))))
        at++;
    const char *text = arena_text_n(scanner->arena, start, (size_t)(at - start));
    scanner->at = at;
    if (*at == '\'' && isalpha((unsigned char)at[1])) {
        const char *end = at + 1;
        while (isalpha((unsigned char)*end)) end++;
        scanner->at = end;
        add_contracted(scanner, text, text_lower(scanner->arena, arena_text_n(scanner->arena, at + 1, (size_t)(end - at - 1))));
        return true;
    }
    if (*at == '\'' && !isalpha((unsigned char)at[1])) scanner->at = at + 1; /* plural possessive: "accounts'" */
    add(scanner, TOKEN_WORD, text, text_lower(scanner->arena, text));
    return true;
}

static void scan_mark(Scanner *scanner) {
    const char *at = scanner->at++;
    static const char *const MARKS[] = {">=", "<=", ">", "<", "=", ",", ".", ";", ":", "-", "/", "(", ")", "&", "+"};
    for (size_t i = 0; i < sizeof MARKS / sizeof *MARKS; i++) {
        if (!text_starts(at, MARKS[i])) continue;
        scanner->at = at + strlen(MARKS[i]);
        const char *norm = MARKS[i][0] == ';' || MARKS[i][0] == ':' ? "." : MARKS[i];
        add(scanner, TOKEN_MARK, MARKS[i], norm);
        return;
    }
    if (*at == '?') {
        scanner->tokens->asks = true;
        add(scanner, TOKEN_MARK, "?", ".");
    } else if (*at == '!') {
        add(scanner, TOKEN_MARK, "!", ".");
    } else if (strchr("{}[]|\\^~@#*%$", *at)) {
        add(scanner, TOKEN_WORD, arena_text_n(scanner->arena, at, 1), arena_text_n(scanner->arena, at, 1));
    }
}

bool tokens_read(Arena *arena, const char *question, Tokens *out, Err *err) {
    const char *text = NULL;
    memset(out, 0, sizeof *out);
    if (!normalise(arena, question, &text, err)) return false;
    Scanner scanner = {.arena = arena, .at = text, .tokens = out};
    while (*scanner.at && !scanner.full) {
        if (*scanner.at == ' ') {
            scanner.at++;
            continue;
        }
        if (scan_date(&scanner) || scan_day_first(&scanner) || scan_quoted(&scanner)) continue;
        if ((isdigit((unsigned char)*scanner.at) || *scanner.at == '$') && scan_number(&scanner)) continue;
        if (!scan_word(&scanner)) scan_mark(&scanner);
    }
    if (scanner.full)
        return err_set_code(err, ERR_REFUSED, "TOO_BROAD", "The question has more than %d words. Ask one thing at a time.",
                            QUESTION_TOKENS);
    while (out->count > 0 && out->items[out->count - 1].kind == TOKEN_MARK) out->count--;
    if (out->count == 0)
        return err_set_code(err, ERR_REFUSED, "NOT_A_QUERY",
                            "The question is empty. Ask, for example: top 5 services by cost.");
    return true;
}

static bool is_month_name(const char *word, size_t size) {
    static const char *const MONTHS[] = {"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"};
    for (size_t i = 0; size >= 3 && i < 12; i++)
        if (text_starts_fold(word, MONTHS[i])) return true;
    return false;
}

/* "Aug-Sep" is a range; "on-demand" is one word. */
static bool between_months(const char *text, const char *dash) {
    return is_month_name(text, (size_t)(dash - text)) && is_month_name(dash + 1, strcspn(dash + 1, "-_./:"));
}

/* The parts of a word split at its inner punctuation; numbers and "=" become tokens of their kinds. */
static void split_word(Scanner *scanner, const char *text) {
    const char *at = text;
    while (*at) {
        if (*at == '=' || *at == '/' || *at == '&' || *at == '+') {
            const char *mark = arena_text_n(scanner->arena, at, 1);
            add(scanner, TOKEN_MARK, mark, mark);
            at++;
        } else if (!is_word_byte(*at) || *at == '_') {
            bool digits = at > text && isdigit((unsigned char)at[-1]) && isdigit((unsigned char)at[1]);
            if (*at == '-' && (digits || between_months(text, at))) add(scanner, TOKEN_MARK, "-", "-");
            at++;
        } else {
            const char *start = at;
            bool digits = true;
            for (; is_word_byte(*at) && *at != '_'; at++) digits = digits && isdigit((unsigned char)*at);
            const char *part = arena_text_n(scanner->arena, start, (size_t)(at - start));
            add(scanner, digits ? TOKEN_NUMBER : TOKEN_WORD, part, text_lower(scanner->arena, part));
        }
    }
}

bool tokens_split(Arena *arena, Tokens *tokens, size_t at) {
    Tokens *parts = arena_alloc(arena, sizeof *parts);
    Scanner scanner = {.arena = arena, .tokens = parts};
    const Token whole = tokens->items[at];
    split_word(&scanner, whole.text);
    if (parts->count < 2 || scanner.full || tokens->count - 1 + parts->count > QUESTION_TOKENS) return false;
    memmove(&tokens->items[at + parts->count], &tokens->items[at + 1], (tokens->count - at - 1) * sizeof(Token));
    for (size_t i = 0; i < parts->count; i++) {
        parts->items[i].whole = whole.text;
        tokens->items[at + i] = parts->items[i];
    }
    tokens->count += parts->count - 1;
    return true;
}

bool tokens_is_composite(const Token *token) {
    if (token->kind != TOKEN_WORD) return false;
    for (const char *c = token->text; *c; c++)
        if (!isalnum((unsigned char)*c) && (unsigned char)*c < 0x80) return c[1] != '\0' || c == token->text;
    return false;
}
