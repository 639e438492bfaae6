/* sample/lines.h: the lines of a sample bill, some hours of it at a time. Private to the room.
 *
 * A chunk is made in `fact` (one row for each metered hour or day) and read through the view `line`, which has what every export format needs; `charge` has the
 * lines that are no usage of a meter, with the same columns:
 *   line_type, account_id, account_name, start, finish, service, usage_type, meter, operation, zone, resource_id, quantity, unit, rate, list_rate, cost, list_cost,
 *   family, instance_type, region, description, keys, values (tags), commitment, effective, unused_upfront, unused_recurring, unused_quantity,
 *   amortized_upfront, plan_total, plan_used, billing_entity, product_name, tax_type, parent, split_cost, split_unused, discounted (its net cost is
 *   less the organisation's discount), and what is worked out of them: span, sku, instance_family, product, tags, raw_tags (maps; those of tags NULL where there are none). */
#ifndef CURLEW_SAMPLE_LINES_H
#define CURLEW_SAMPLE_LINES_H

#include <stdbool.h>

#include "base/err.h"
#include "io/duck.h"
#include "sample/organisation.h"
#include "sample/shape.h"

/* Share of usage cost that the enterprise discount takes off. */
#define SAMPLE_DISCOUNT "0.05"

/* What a bill is made under. */
typedef struct {
    const SampleShape *shape;
    DiscountForm discount;
} LineTerms;

/* Makes the tables that hold totals over all chunks:
 *   total         series_id, month, covered, tagged, line_count, quantity, cost (on demand), list_cost, effective, net_cost (of what is billed), net_effective, first, last
 *   charge_total  month, line_type, account_id, service, region, commitment, line_count, cost, amortized, net_cost, net_amortized, upfront (charged),
 *                 amortized_upfront, list_cost
 *   day_cost      day, month, account_id, service, cost (of what discounts count on)
 *   plan_hour     start, month, commitment, used
 *   open_cost     start, month, cost (of compute that commitments could cover and do not) */
bool lines_prepare(DuckSession *session, Err *err);

/* SELECT of series_id, start, span and quantity of every metered hour in [first, last), which lie in a month. */
const char *lines_hours(Arena *arena, const LineTerms *terms, size_t month, long first, long last);

/* Fills `fact` with the usage of the hours [first, last) of a month, `charge` with the negations of what a Savings Plan covers, and adds to the totals. */
bool lines_make_usage(Arena *arena, DuckSession *session, const LineTerms *terms, size_t month, long first, long last,
                      Err *err);

/* Empties `fact` and fills `charge` with everything else on the invoice of a month: commitments' fees, discounts, marketplace, support, credits, refunds, tax;
 * adds to the totals. All usage of the month has been made. */
bool lines_make_charges(Arena *arena, DuckSession *session, const LineTerms *terms, size_t month, Err *err);

/* "round(<cost> * 0.95, 10)" where the net columns are used and the line is discounted, else the cost: SQL over columns of `line`. */
const char *lines_net(Arena *arena, const LineTerms *terms, const char *amount);

/* For lines_make_…(): adds `charge` to charge_total. */
bool lines_add_charges(Arena *arena, DuckSession *session, const LineTerms *terms, size_t month, Err *err);

#endif
