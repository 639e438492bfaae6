what: traffic between pieces of the system, to the internet and to other regions
sql:
SELECT t.account, t.region, coalesce(p.kind, 'transfer') AS from_kind, coalesce(p.label, t.service) AS from_label, t.kind, t.remote_region, sum(t.gb) AS gb, sum(t.cost) AS cost,
  @to_double(count(DISTINCT t.resource)) AS resources
FROM transfer t
LEFT JOIN placed p ON p.account = t.account AND p.resource = t.resource AND coalesce(p.region, '') = coalesce(t.region, '')
GROUP BY t.account, t.region, coalesce(p.kind, 'transfer'), coalesce(p.label, t.service), t.kind, t.remote_region
