what: usage by meter day by day of the whole data
sql:
SELECT account, region, service, meter, operation, day, @to_double(sum(quantity)) AS quantity, @to_double(sum(cost)) AS cost
FROM line_day
GROUP BY account, region, service, meter, operation, day
