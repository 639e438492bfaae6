/* investigate/owners_names.h: what an id or a name says by its form (inside the room only). */
#ifndef CURLEW_INVESTIGATE_OWNERS_NAMES_H
#define CURLEW_INVESTIGATE_OWNERS_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

enum { NAME_TOKENS = 16, NAME_LINKS = 8 };

/* What kind of thing an id names: "i", "vol", "snap" of ids like i-0abc; "lambda:function" of an ARN; else the service. */
const char *owners_kind(Arena *arena, const char *id, const char *service);

/* The last part of an ARN or path: "i-0abc", "checkout-api". */
const char *owners_id_end(const char *id);

/* The part of an id that people name: of an ARN what follows the account, without the type; any other id whole; "" of "i-0abc". */
const char *owners_id_name(const char *id);

/* Whether a kind is made together with an instance: the instance itself, volumes, network interfaces, addresses. */
bool owners_kind_is_compute(const char *kind);

/* The words of a name in lower case: split at punctuation and camelCase; numbers, hashes and single letters are left out, digits
 * at the end of a word are cut. At most NAME_TOKENS; gives how many. */
size_t owners_name_tokens(Arena *arena, const char *name, const char **out);

/* What ties an id to ids of other things: the parts of its path ("checkout-api" of "/aws/lambda/checkout-api"), and made-up marks in its
 * name ("9f2ab1c" of "fn-9f2ab1c-errors"). At most NAME_LINKS. */
size_t owners_name_links(Arena *arena, const char *id, const char **out);
bool owners_name_is_mark(const char *part);

/* Words that say when or what, not whose: "prod", "staging"; "nat", "queue", "bucket". */
bool owners_name_is_plain(const char *word);

#endif
