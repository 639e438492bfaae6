/* A catalog made by hand, without an engine: accounts, services, regions, tags, instance types and charge categories of a small AWS
 * bill from July to 12 October 2026, and a table of volumes. For tests of how questions are read. */
#ifndef CURLEW_TEST_CATALOG_FIXTURE_H
#define CURLEW_TEST_CATALOG_FIXTURE_H

#include <string.h>

#include "base/text.h"
#include "catalog/dataset.h"

typedef struct {
    const char *name, *label, *plural, *tag_key, *companion;
    ColumnClass class;
    CellType type;
    const char *values; /* separated by | */
} FixtureColumn;

static const FixtureColumn fixture_bill_columns[] = {
    {"BilledCost", "billed cost", NULL, NULL, NULL, CLASS_COST, CELL_DECIMAL, NULL},
    {"EffectiveCost", "effective cost", NULL, NULL, NULL, CLASS_COST, CELL_DECIMAL, NULL},
    {"ListCost", "list cost", NULL, NULL, NULL, CLASS_COST, CELL_DECIMAL, NULL},
    {"x_UnblendedCost", "unblended cost", NULL, NULL, NULL, CLASS_COST, CELL_DECIMAL, NULL},
    {"ConsumedQuantity", "consumed quantity", NULL, NULL, NULL, CLASS_METRIC, CELL_DECIMAL, NULL},
    {"ConsumedUnit", "consumed unit", "consumed units", NULL, NULL, CLASS_DIMENSION, CELL_TEXT, "Hrs|GB|GB-Mo|Requests"},
    {"SubAccountId", "account", "accounts", NULL, "SubAccountName", CLASS_DIMENSION, CELL_TEXT,
     "482910375526|048213975520|316640982157"},
    {"SubAccountName", "account name", "account names", NULL, NULL, CLASS_DIMENSION, CELL_TEXT,
     "acme-prod|acme-staging|acme-data"},
    {"ServiceName", "service", "services", NULL, NULL, CLASS_DIMENSION, CELL_TEXT,
     "Amazon Elastic Compute Cloud|Amazon Simple Storage Service|Amazon Relational Database Service|AWS Lambda|Amazon Athena"},
    {"x_ServiceCode", "product code", "product codes", NULL, NULL, CLASS_DIMENSION, CELL_TEXT,
     "AmazonEC2|AmazonS3|AmazonRDS|AWSLambda|AmazonAthena"},
    {"ServiceCategory", "service category", "service categories", NULL, NULL, CLASS_DIMENSION, CELL_TEXT,
     "Compute|Storage|Databases|Analytics"},
    {"RegionId", "region", "regions", NULL, NULL, CLASS_DIMENSION, CELL_TEXT, "us-east-1|eu-west-1|us-west-2"},
    {"ChargeCategory", "charge category", "charge categories", NULL, NULL, CLASS_DIMENSION, CELL_TEXT,
     "Usage|Tax|Credit|Purchase"},
    {"x_LineItemType", "line item type", "line item types", NULL, NULL, CLASS_DIMENSION, CELL_TEXT,
     "Usage|Tax|Credit|RIFee|DiscountedUsage"},
    {"x_UsageType", "usage type", "usage types", NULL, NULL, CLASS_DIMENSION, CELL_TEXT,
     "BoxUsage:m5.large|USE1-BoxUsage:m5.xlarge|NatGateway-Hours|NatGateway-Bytes|EBS:VolumeUsage.gp3|EBS:SnapshotUsage|"
     "DataTransfer-Out-Bytes"},
    {"x_Meter", "meter", "meters", NULL, NULL, CLASS_DIMENSION, CELL_TEXT,
     "BoxUsage:m5.large|BoxUsage:m5.xlarge|NatGateway-Hours|NatGateway-Bytes|EBS:VolumeUsage.gp3|EBS:SnapshotUsage|"
     "DataTransfer-Out-Bytes"},
    {"x_CostDriver", "cost driver", "cost drivers", NULL, NULL, CLASS_DIMENSION, CELL_TEXT,
     "m5.large|m5.xlarge|NatGateway-Hours"},
    {"x_InstanceType", "instance type", "instance types", NULL, NULL, CLASS_DIMENSION, CELL_TEXT,
     "m5.large|m5.xlarge|t3.micro"},
    {"x_PurchaseOption", "purchase option", "purchase options", NULL, NULL, CLASS_DIMENSION, CELL_TEXT,
     "OnDemand|Spot|Reserved"},
    {"BillingCurrency", "currency", "currencies", NULL, NULL, CLASS_DIMENSION, CELL_TEXT, "USD"},
    {"tag_team", "team", "teams", "team", NULL, CLASS_TAG, CELL_TEXT, "payments|search|data-platform"},
    {"tag_environment", "environment", "environments", "environment", NULL, CLASS_TAG, CELL_TEXT, "prod|staging|dev"},
    {"tag_costcenter", "CostCenter", NULL, "CostCenter", NULL, CLASS_TAG, CELL_TEXT, "1234|5678"},
    {"ResourceId", "resource", "resources", NULL, NULL, CLASS_IDENTIFIER, CELL_TEXT, NULL},
    {"BillingPeriodStart", "billing period", "billing periods", NULL, NULL, CLASS_TIMESTAMP, CELL_TIMESTAMP, NULL},
    {"ChargePeriodStart", "charge period start", NULL, NULL, NULL, CLASS_TIMESTAMP, CELL_TIMESTAMP, NULL},
    {"x_ChargeDate", "day", "days", NULL, NULL, CLASS_TIMESTAMP, CELL_DATE, NULL},
};

static const FixtureColumn fixture_table_columns[] = {
    {"volume_id", "volume id", "volume ids", NULL, NULL, CLASS_IDENTIFIER, CELL_TEXT, "vol-01|vol-02|vol-03"},
    {"account_id", "account", "accounts", NULL, NULL, CLASS_DIMENSION, CELL_TEXT, "482910375526|048213975520"},
    {"volume_type", "volume type", "volume types", NULL, NULL, CLASS_DIMENSION, CELL_TEXT, "gp2|gp3"},
    {"team", "team", "teams", "team", NULL, CLASS_TAG, CELL_TEXT, "payments|search"},
    {"size_gb", "size gb", "size gbs", NULL, NULL, CLASS_METRIC, CELL_DECIMAL, NULL},
    {"monthly_cost", "monthly cost", "monthly costs", NULL, NULL, CLASS_COST, CELL_DECIMAL, NULL},
};

static inline void fixture_column(Arena *arena, const FixtureColumn *from, CatalogColumn *to) {
    *to = (CatalogColumn){.name = from->name,
                          .label = from->label,
                          .plural = from->plural,
                          .tag_key = from->tag_key,
                          .companion = from->companion,
                          .class = from->class,
                          .type = from->type,
                          .in_rollup = true,
                          .values_complete = true};
    if (!from->values) return;
    const char **values = text_split(arena, from->values, '|', &to->value_count);
    CatalogValue *made = arena_array(arena, to->value_count, sizeof *made);
    for (size_t i = 0; i < to->value_count; i++)
        made[i] = (CatalogValue){.text = values[i], .row_count = 100 + (long long)i, .first_day = 20635, .last_day = 20738};
    to->values = made;
    to->distinct = (long long)to->value_count;
}

static inline Catalog *fixture_catalog(Arena *arena, const FixtureColumn *columns, size_t count) {
    Catalog *catalog = arena_alloc(arena, sizeof *catalog);
    CatalogColumn *made = arena_array(arena, count, sizeof *made);
    for (size_t i = 0; i < count; i++) fixture_column(arena, &columns[i], &made[i]);
    *catalog = (Catalog){.dataset = "bill",
                         .row_count = 1000,
                         .column_count = count,
                         .columns = made,
                         .source = "by hand",
                         .first_day = DAY_NONE,
                         .last_day = DAY_NONE,
                         .as_of = DAY_NONE};
    return catalog;
}

/* The bill: loaded from 1 July to 31 October 2026 (fees of the month to come included), today is 12 October. */
static inline Catalog *fixture_bill(Arena *arena) {
    Catalog *catalog = fixture_catalog(arena, fixture_bill_columns, sizeof fixture_bill_columns / sizeof *fixture_bill_columns);
    catalog->is_bill = true;
    catalog->rollup = "bill_day";
    catalog->provider = "AWS";
    catalog->has_resources = true;
    catalog->granularity = "hourly";
    date_parse("2026-07-01", &catalog->first_day);
    date_parse("2026-10-31", &catalog->last_day);
    date_parse("2026-10-12", &catalog->as_of);
    catalog->time_column = catalog_column(catalog, "x_ChargeDate");
    dataset_concepts(arena, catalog);
    dataset_measures(arena, catalog);
    return catalog;
}

/* A table of volumes without time. */
static inline Catalog *fixture_volumes(Arena *arena) {
    Catalog *catalog =
        fixture_catalog(arena, fixture_table_columns, sizeof fixture_table_columns / sizeof *fixture_table_columns);
    catalog->dataset = "volumes";
    catalog->row_label = "volume";
    catalog->row_plural = "volumes";
    catalog->row_identifier = &catalog->columns[0];
    dataset_measures(arena, catalog);
    return catalog;
}

#endif
