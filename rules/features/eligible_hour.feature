what: on-demand cost that a commitment could cover, hour by hour of the 30 days that end 3 days before the data does
needs: hourly
sql:
SELECT @hour(l.start) AS hour,
  @to_double(sum(CASE WHEN l.purchase = 'OnDemand' AND l.service = 'AmazonEC2' AND l.operation LIKE 'RunInstances%' AND (l.meter LIKE 'BoxUsage%' OR l.meter LIKE 'DedicatedUsage%') THEN l.cost ELSE 0 END)) AS ec2,
  @to_double(sum(CASE WHEN l.purchase = 'OnDemand' AND l.meter LIKE '%Fargate-%' AND l.meter NOT LIKE '%Spot%' THEN l.cost ELSE 0 END)) AS fargate,
  @to_double(sum(CASE WHEN l.purchase = 'OnDemand' AND l.service = 'AWSLambda' AND (l.meter LIKE 'Lambda-GB-Second%' OR l.meter LIKE 'Lambda-Provisioned%') THEN l.cost ELSE 0 END)) AS lambda,
  @to_double(sum(CASE WHEN l.purchase = 'OnDemand' AND l.service IN ('AmazonRDS', 'AmazonElastiCache', 'AmazonMemoryDB', 'AmazonES', 'AmazonRedshift', 'AmazonDocDB', 'AmazonNeptune')
    AND l.instance_type IS NOT NULL AND l.meter NOT LIKE '%ExtendedSupport%' THEN l.cost ELSE 0 END)) AS database
FROM line l
WHERE l.start >= @add_days({data_end}, -33) AND l.start < @add_days({data_end}, -3)
GROUP BY @hour(l.start)
