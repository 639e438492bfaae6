what: own on-demand price of an instance hour
sql:
SELECT region, service, meter, operation AS platform, instance_type, sum(cost) / sum(quantity) AS rate, sum(list_cost) / sum(quantity) AS list_rate
FROM usage
WHERE purchase = 'OnDemand' AND instance_type IS NOT NULL AND cost > 0 AND quantity > 0
GROUP BY region, service, meter, operation, instance_type
