what: usage lines of the period, put together per meter and resource
sql:
SELECT l.account, max(l.account_name) AS account_name, l.region, l.zone, l.service,
  l.usage_type, max(l.meter) AS meter, l.operation, l.resource, l.instance_type, l.purchase,
  @to_double(sum(l.quantity)) AS quantity, @to_double(sum(l.cost)) AS cost, @to_double(sum(l.billed)) AS billed, @to_double(sum(l.list_cost)) AS list_cost,
  @to_double(count(*)) AS lines, @to_double(sum(date_diff('second', l.start, l.finish))) / 3600 AS line_hours, @to_double(max(l.quantity)) AS max_quantity,
  @to_double(sum(CASE WHEN @day_of_week(l.start) >= 6 THEN l.quantity END)) AS weekend_quantity,
  @to_double(sum(CASE WHEN hour(l.start) < 6 THEN l.quantity END)) AS night_quantity,
  @to_double(sum(CASE WHEN @day_of_week(l.start) < 6 AND hour(l.start) >= 7 AND hour(l.start) < 19 THEN l.quantity END)) AS office_quantity,
  min(l.start) AS first_hour, max(l.start) AS last_hour, max(l.finish) AS finished, max(l.description) AS description,
  max(l.environment_tag) AS environment_tag, max(l.name_tag) AS name_tag, max(l.group_tag) AS group_tag, max(l.workload_tag) AS workload_tag
FROM line l
WHERE l.day >= {start_day} AND l.day < {end_day}
GROUP BY l.account, l.region, l.zone, l.service, l.usage_type, l.operation, l.resource, l.instance_type, l.purchase
