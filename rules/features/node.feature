what: the pieces of the system as they are drawn: groups of resources of one kind in an account and region
sql:
SELECT account, region, kind, label, max(service) AS service, @to_double(count(resource)) AS resources, sum(cost) AS cost,
  max(environment) AS environment, max(environment_evidence) AS environment_evidence, @list_text(zone) AS zones, @list_text(instance_type) AS types, max(workload) AS workload
FROM placed
GROUP BY account, region, kind, label
