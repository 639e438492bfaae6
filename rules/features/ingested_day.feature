what: logs taken in, day by day of the whole data
sql:
SELECT account, region, service, meter, resource, day, @to_double(sum(quantity)) AS gb, @to_double(sum(cost)) AS cost
FROM line
WHERE resource IS NOT NULL AND service = 'AmazonCloudWatch' AND (meter LIKE 'DataProcessing%-Bytes' OR meter LIKE 'VendedLog%-Bytes%')
GROUP BY account, region, service, meter, resource, day
