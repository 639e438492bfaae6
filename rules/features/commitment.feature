what: Savings Plans and reservations of the period, what of them was used
sql:
WITH paid AS (
  SELECT f.commitment, max(f.kind) AS kind, max(f.account) AS account, max(f.region) AS region, max(f.instance_type) AS instance_type, max(f.ends) AS ends,
    @to_double(sum(f.unused)) AS unused, @to_double(sum(f.total)) AS total, @to_double(sum(f.paid)) AS paid
  FROM fee f
  WHERE f.day >= {start_day} AND f.day < {end_day} AND f.start < {data_end}
  GROUP BY f.commitment
), covered AS (
  SELECT l.commitment, max(CASE WHEN l.purchase = 'SavingsPlan' THEN 'SavingsPlan' ELSE 'Reserved' END) AS kind, max(l.region) AS region, max(l.instance_type) AS instance_type,
    @to_double(sum(l.cost)) AS covered_cost, @to_double(sum(l.list_cost)) AS covered_list, @to_double(sum(l.quantity)) AS covered_quantity, max(l.finish) AS last_used, max(l.account) AS account
  FROM line l
  WHERE l.commitment IS NOT NULL AND l.day >= {start_day} AND l.day < {end_day}
  GROUP BY l.commitment
)
SELECT coalesce(f.commitment, c.commitment) AS commitment, coalesce(f.kind, c.kind) AS kind, coalesce(f.account, c.account) AS account,
  coalesce(nullif(f.region, ''), c.region) AS region, coalesce(f.instance_type, c.instance_type) AS instance_type,
  coalesce(c.covered_cost, 0) + coalesce(f.unused, 0) AS cost, coalesce(f.unused, 0) AS unused, coalesce(c.covered_cost, 0) AS used,
  coalesce(c.covered_list, 0) AS covered_list, coalesce(c.covered_cost, 0) AS covered_cost, coalesce(c.covered_quantity, 0) AS covered_quantity, c.last_used, f.ends
FROM paid f FULL JOIN covered c ON c.commitment = f.commitment
