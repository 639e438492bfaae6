what: accounts with their cost of the period and what their name or tags say about their environment
parameter sure: 0.8, share of the tagged cost that must agree
sql:
WITH word AS (
  SELECT account, max(account_name) AS account_name, sum(cost) AS cost, lower(max(account_name)) AS name,
    sum(CASE WHEN environment_tag IS NOT NULL THEN cost ELSE 0 END) AS tagged,
    sum(CASE WHEN @regex(lower(environment_tag), '(^|[^a-z])(dev|develop|development|test|testing|qa|uat|stg|stage|staging|sandbox|sbx|poc|demo|preprod|nonprod|non-prod|nonproduction|preview|playground|lab)([^a-z]|$)') THEN cost ELSE 0 END) AS nonprod,
    sum(CASE WHEN @regex(lower(environment_tag), '(^|[^a-z])(prod|production|prd|live)([^a-z]|$)') THEN cost ELSE 0 END) AS prod
  FROM usage GROUP BY account
)
SELECT account, account_name, cost,
  CASE WHEN @regex(name, '(^|[^a-z])(dev|develop|development|test|testing|qa|uat|stg|stage|staging|sandbox|sbx|poc|demo|preprod|nonprod|non-prod|nonproduction|preview|playground|lab)([^a-z]|$)') THEN 'nonprod'
    WHEN @regex(name, '(^|[^a-z])(prod|production|prd|live)([^a-z]|$)') THEN 'prod'
    WHEN tagged > 0 AND nonprod >= {sure} * tagged THEN 'nonprod' WHEN tagged > 0 AND prod >= {sure} * tagged THEN 'prod' END AS environment,
  CASE WHEN @regex(name, '(^|[^a-z])(dev|develop|development|test|testing|qa|uat|stg|stage|staging|sandbox|sbx|poc|demo|preprod|nonprod|non-prod|nonproduction|preview|playground|lab|prod|production|prd|live)([^a-z]|$)')
      THEN concat('the account is named ', account_name)
    WHEN tagged > 0 AND (nonprod >= {sure} * tagged OR prod >= {sure} * tagged) THEN 'environment tags in the account' END AS environment_evidence
FROM word
