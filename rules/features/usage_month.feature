what: usage of resources in every month of the data, put together per meter; transfer and load in the period only
sql:
SELECT {start_day} AS month, true AS in_period, u.account, u.region, u.service, u.meter, u.operation, u.resource, u.instance_type, u.purchase, u.quantity, u.cost,
  u.first_hour, u.last_hour, u.finished
FROM usage u
UNION ALL
SELECT @month(l.day) AS month, false AS in_period, l.account, l.region, l.service, l.meter, l.operation, l.resource, l.instance_type, l.purchase,
  @to_double(sum(l.quantity)) AS quantity, @to_double(sum(l.cost)) AS cost, min(l.start) AS first_hour, max(l.start) AS last_hour, max(l.finish) AS finished
FROM line l
WHERE (l.day < {start_day} OR l.day >= {end_day}) AND l.resource IS NOT NULL AND l.meter NOT LIKE '%-Bytes' AND l.meter NOT LIKE '%LCUUsage'
GROUP BY @month(l.day), l.account, l.region, l.service, l.meter, l.operation, l.resource, l.instance_type, l.purchase
