what: storage meters day by day of the whole data
sql:
SELECT l.account, l.region, l.service, l.meter, l.resource, l.day, @to_double(sum(l.quantity)) * @to_double(@month_days(l.day)) AS gb, @to_double(sum(l.cost)) AS cost
FROM line l
WHERE l.resource IS NOT NULL AND (l.meter LIKE '%TimedStorage%' OR l.meter LIKE 'EBS:Snapshot%' OR l.meter LIKE '%Backup%'
  OR l.meter LIKE '%WarmStorage%' OR l.meter LIKE '%ColdStorage%' OR l.meter LIKE '%PaidSnapshots%')
GROUP BY l.account, l.region, l.service, l.meter, l.resource, l.day
