what: resources of the whole data: when they were seen, what they cost in the period, which environment they belong to
parameter settled_hours: 48, how old the last line of a resource may be that is still there
parameter edge_hours: 26, what is first seen later than this after the data begins was born within it
sql:
WITH tagged AS (
  SELECT account, region, resource, max_by(environment_tag, last_hour) AS environment_tag, max(name_tag) AS name, max(group_tag) AS group_tag, max_by(workload_tag, last_hour) AS workload
  FROM usage WHERE resource IS NOT NULL
  GROUP BY account, region, resource
), life AS (
  SELECT account, region, resource, max_by(service, cost) AS service, min(first_hour) AS first_seen, max(finished) AS last_seen,
    sum(CASE WHEN in_period THEN cost ELSE 0 END) AS cost,
    sum(CASE WHEN in_period AND purchase IN ('Reserved', 'SavingsPlan') THEN cost ELSE 0 END) AS committed
  FROM usage_month WHERE resource IS NOT NULL
  GROUP BY account, region, resource
), seen AS (
  SELECT l.account, l.region, l.resource, l.service, l.first_seen, l.last_seen, l.cost, l.committed, t.environment_tag, t.name, t.group_tag, t.workload
  FROM life l LEFT JOIN tagged t ON t.account = l.account AND t.resource = l.resource AND coalesce(t.region, '') = coalesce(l.region, '')
), word AS (
  SELECT s.account, s.region, s.resource, s.service, s.first_seen, s.last_seen, s.cost, s.committed, s.environment_tag, s.name, s.group_tag, s.workload, lower(s.environment_tag) AS tag,
    lower(concat(coalesce(s.name, ''), ' ', coalesce(s.group_tag, ''), ' ', CASE WHEN @regex(s.resource, '^(i|vol|eni|snap)-[0-9a-f]+$') THEN '' ELSE regexp_extract(s.resource, '[^:]*$', 0) END)) AS words,
    a.environment AS account_environment, a.environment_evidence AS account_evidence
  FROM seen s LEFT JOIN account a ON a.account = s.account
), judged AS (
  SELECT account, region, resource, service, first_seen, last_seen, cost, committed, name, group_tag, workload, environment_tag, words, account_environment, account_evidence,
    CASE WHEN @regex(tag, '(^|[^a-z])(dev|develop|development|test|testing|qa|uat|stg|stage|staging|sandbox|sbx|poc|demo|preprod|nonprod|non-prod|nonproduction|preview|playground|lab)([^a-z]|$)') THEN 'nonprod'
      WHEN @regex(tag, '(^|[^a-z])(prod|production|prd|live)([^a-z]|$)') THEN 'prod'
      WHEN @regex(tag, '(^|[^a-z])(shared|common|infra|infrastructure|platform|ci|cicd|tools|tooling|global|core|hub|ops|management)([^a-z]|$)') THEN 'shared' END AS by_tag,
    CASE WHEN @regex(words, '(^|[^a-z])(dev|develop|development|test|testing|qa|uat|stg|stage|staging|sandbox|sbx|poc|preprod|nonprod|non-prod)([^a-z]|$)') THEN 'nonprod'
      WHEN @regex(words, '(^|[^a-z])(prod|production|prd|live)([^a-z]|$)') THEN 'prod' END AS by_name
  FROM word
)
SELECT j.account, j.region, j.resource, j.service, j.first_seen, j.last_seen,
  j.first_seen > @add_hours(p.data_start, {edge_hours}) AS born_inside, j.last_seen > @add_hours(p.data_end, -{settled_hours}) AS alive, j.cost, j.committed,
  coalesce(j.by_tag, j.by_name, j.account_environment) AS environment,
  CASE WHEN j.by_tag IS NOT NULL THEN concat('it is tagged ', j.environment_tag) WHEN j.by_name IS NOT NULL THEN concat('its name says ', j.by_name) ELSE j.account_evidence END AS environment_evidence,
  coalesce(j.group_tag, nullif(regexp_extract(j.resource, ':(task|pod)/([^/]+)/', 2), '')) AS group_name, j.name, j.workload
FROM judged j CROSS JOIN period p
