what: hour by hour of the period, of tables and streams, whose capacity follows their busiest hours
needs: hourly
sql:
SELECT l.account, l.region, l.service, l.resource, l.meter, l.operation, @hour(l.start) AS hour, @to_double(sum(l.quantity)) AS quantity, @to_double(sum(l.cost)) AS cost
FROM line l
WHERE l.day >= {start_day} AND l.day < {end_day}
  AND l.service IN ('AmazonDynamoDB', 'AmazonKinesis')
  AND l.meter IN ('ReadRequestUnits', 'WriteRequestUnits', 'ReplWriteRequestUnits', 'ReadCapacityUnit-Hrs', 'WriteCapacityUnit-Hrs', 'PutRequestPayloadUnits', 'Storage-ShardHour')
GROUP BY l.account, l.region, l.service, l.resource, l.meter, l.operation, @hour(l.start)
