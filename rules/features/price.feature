what: what a unit costs in each region of the bill: own lines there, own elsewhere, list price on the bill, table of fallbacks
sql:
WITH own AS (
  SELECT t.id, u.region, sum(u.cost) AS cost, sum(u.list_cost) AS list_cost, sum(u.quantity) AS quantity
  FROM rates t JOIN usage u ON u.service = t.service AND u.meter LIKE t.meter AND (t.operation IS NULL OR u.operation LIKE t.operation)
  WHERE u.purchase = 'OnDemand' AND u.cost > 0 AND u.quantity > 0
  GROUP BY t.id, u.region
), elsewhere AS (
  SELECT id, sum(cost) / sum(quantity) AS rate FROM own GROUP BY id
), discount AS (
  SELECT CASE WHEN sum(list_cost) > 0 THEN least(1, sum(cost) / sum(list_cost)) ELSE 1 END AS factor
  FROM usage WHERE purchase = 'OnDemand' AND cost > 0 AND list_cost > 0
), place AS (
  SELECT DISTINCT region, 1 AS tie FROM usage WHERE region IS NOT NULL
), item AS (
  SELECT id, usd, note, 1 AS tie FROM rates
)
SELECT r.region, t.id,
  coalesce(coalesce(o.cost / o.quantity, e.rate) * CASE WHEN t.note LIKE '%per 1024%' THEN 1 / 1024.0 WHEN t.note LIKE '%per million%' THEN 1000000 ELSE 1 END, t.usd * d.factor) AS rate,
  CASE WHEN o.cost IS NOT NULL THEN 'own' WHEN e.rate IS NOT NULL THEN 'own elsewhere' ELSE 'fallback' END AS price_source
FROM place r JOIN item t ON t.tie = r.tie
LEFT JOIN own o ON o.region = r.region AND o.id = t.id
LEFT JOIN elsewhere e ON e.id = t.id
CROSS JOIN discount d
