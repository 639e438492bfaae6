what: traffic between pieces of the system, to the internet and to other regions
sql:
SELECT t.account, t.region, coalesce(p.kind, 'transfer') AS from_kind, coalesce(p.label, t.service) AS from_label, t.kind, t.remote_region, sum(t.gb) AS gb, sum(t.cost) AS cost,
  @to_double(count(DISTINCT t.resource)) AS resources
FROM transfer t
LEFT JOIN placed p ON p.account = t.account AND p.resource = t.resource AND coalesce(p.region, '') = coalesce(t.region, '')
GROUP BY t.account, t.region, coalesce(p.kind, 'transfer'), coalesce(p.label, t.service), t.kind, t.remote_region
UNION ALL
SELECT account, region, 'nat' AS from_kind, regexp_extract(resource, '[^/:]*$', 0) AS from_label, 'nat_services' AS kind, NULL AS remote_region,
  sum(CASE WHEN kind = 'nat' THEN gb WHEN kind IN ('internet_out', 'internet_in', 'region_out', 'region_in', 'cloudfront_out', 'cloudfront_in', 'public_ip') THEN -gb ELSE 0 END) AS gb,
  0 AS cost, 1 AS resources
FROM transfer WHERE resource LIKE '%natgateway/%'
GROUP BY account, region, resource
