what: hour by hour of the period, of meters whose rhythm tells who talks with whom
needs: hourly
sql:
SELECT l.account, l.region, l.service, l.resource, l.meter, l.operation, @hour(l.start) AS hour, @to_double(sum(l.quantity)) AS quantity, @to_double(sum(l.cost)) AS cost
FROM line l CROSS JOIN period p
WHERE l.day >= p.start_day AND l.day < p.end_day
  AND (l.meter IN ('DataTransfer-Regional-Bytes', 'NatGateway-Bytes', 'C3DataTransfer-In-Bytes', 'C3DataTransfer-Out-Bytes', 'ReadRequestUnits', 'WriteRequestUnits', 'ReplWriteRequestUnits',
      'ReadCapacityUnit-Hrs', 'WriteCapacityUnit-Hrs', 'PutRequestPayloadUnits', 'Storage-ShardHour', 'CW:GMD-Metrics', 'KMS-Requests', 'DataEventsRecorded', 'ConfigurationItemRecorded')
    OR (l.service = 'AmazonS3' AND l.meter IN ('Requests-Tier1', 'Requests-Tier2')))
GROUP BY l.account, l.region, l.service, l.resource, l.meter, l.operation, @hour(l.start)
