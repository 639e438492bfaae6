what: hour by hour of the period, of meters whose rhythm tells who talks with whom
needs: hourly
sql:
SELECT l.account, l.region, l.service, l.resource, l.meter, l.operation, @hour(l.start) AS hour, @to_double(sum(l.quantity)) AS quantity, @to_double(sum(l.cost)) AS cost
FROM line l
WHERE l.day >= {start_day} AND l.day < {end_day}
  AND (l.meter IN ('NatGateway-Bytes', 'C3DataTransfer-In-Bytes', 'C3DataTransfer-Out-Bytes', 'ReadRequestUnits', 'WriteRequestUnits', 'ReplWriteRequestUnits',
      'ReadCapacityUnit-Hrs', 'WriteCapacityUnit-Hrs', 'PutRequestPayloadUnits', 'Storage-ShardHour', 'CW:GMD-Metrics', 'KMS-Requests')
    OR (l.meter = 'DataTransfer-Regional-Bytes' AND l.operation LIKE '%InterZone%'))
GROUP BY l.account, l.region, l.service, l.resource, l.meter, l.operation, @hour(l.start)
