what: what every resource is in the picture of the system, and the group under which it is drawn
sql:
WITH kind AS (
  SELECT u.account, u.region, u.resource, u.service, u.zone, u.instance_type, u.cost, u.quantity,
    CASE WHEN u.meter LIKE 'NatGateway%' THEN 'nat' WHEN u.meter LIKE 'VpcEndpoint%' THEN 'endpoint' WHEN u.meter LIKE 'TransitGateway%' THEN 'transit-gateway'
      WHEN u.meter LIKE 'VPN-%' OR u.meter LIKE 'ClientVPN%' THEN 'vpn' WHEN u.meter LIKE 'PublicIPv4%' OR u.meter LIKE 'ElasticIP%' THEN 'public-ip'
      WHEN u.service = 'AWSDirectConnect' THEN 'direct-connect' WHEN u.service = 'AWSNetworkFirewall' THEN 'network-firewall'
      WHEN u.service = 'AWSELB' THEN 'load-balancer' WHEN u.service = 'AmazonCloudFront' THEN 'cdn' WHEN u.service = 'AmazonRoute53' THEN 'dns'
      WHEN u.service = 'awswaf' THEN 'firewall' WHEN u.service = 'AmazonApiGateway' THEN 'api' WHEN u.service = 'AWSGlobalAccelerator' THEN 'accelerator'
      WHEN u.service = 'AmazonEC2' AND u.instance_type IS NOT NULL THEN 'compute' WHEN u.meter LIKE 'EBS:Snapshot%' THEN 'snapshot' WHEN u.meter LIKE 'EBS:%' THEN 'volume'
      WHEN u.meter LIKE '%Fargate-%' OR u.service = 'AmazonECS' THEN 'container' WHEN u.service = 'AmazonEKS' THEN 'cluster' WHEN u.service = 'AWSLambda' THEN 'function'
      WHEN u.service IN ('AmazonRDS', 'AmazonDocDB', 'AmazonNeptune') THEN 'database' WHEN u.service = 'AmazonDynamoDB' THEN 'table'
      WHEN u.service IN ('AmazonElastiCache', 'AmazonMemoryDB') THEN 'cache' WHEN u.service = 'AmazonES' THEN 'search' WHEN u.service = 'AmazonRedshift' THEN 'warehouse'
      WHEN u.service IN ('AmazonS3', 'AmazonS3GlacierDeepArchive', 'AmazonGlacier') THEN 'bucket' WHEN u.service IN ('AmazonEFS', 'AmazonFSx') THEN 'file-system'
      WHEN u.service = 'AWSQueueService' THEN 'queue' WHEN u.service = 'AmazonSNS' THEN 'topic' WHEN u.service IN ('AmazonKinesis', 'AmazonKinesisFirehose') THEN 'stream'
      WHEN u.service = 'AmazonMSK' THEN 'broker' WHEN u.service IN ('AmazonMQ', 'AWSEvents', 'AmazonStates') THEN 'workflow'
      WHEN u.service IN ('AmazonSageMaker', 'ElasticMapReduce', 'AWSGlue', 'AmazonAthena', 'AmazonBedrock', 'AmazonQuickSight') THEN 'analytics'
      WHEN u.service = 'AmazonECR' THEN 'registry' WHEN u.service = 'AmazonCloudWatch' THEN 'observability'
      WHEN u.service IN ('AWSCloudTrail', 'AWSConfig', 'AmazonGuardDuty', 'AWSSecurityHub', 'AmazonInspectorV2', 'awskms', 'AWSSecretsManager', 'AmazonMacie', 'AmazonDetective') THEN 'governance'
      WHEN u.service = 'AmazonEC2' THEN 'transfer' ELSE 'other' END AS kind
  FROM usage u
), single AS (
  SELECT account, region, resource, max_by(service, cost) AS service, max_by(kind, CASE WHEN kind = 'transfer' THEN -1 ELSE cost END) AS kind, max(zone) AS zone, max(instance_type) AS instance_type, sum(cost) AS cost
  FROM kind WHERE resource IS NOT NULL GROUP BY account, region, resource
), nameless AS (
  SELECT account, region, service, kind, sum(cost) AS cost FROM kind WHERE resource IS NULL GROUP BY account, region, service, kind
)
SELECT s.account, s.region, s.resource, s.service, s.kind, s.zone, s.instance_type, s.cost, r.environment, r.environment_evidence, r.workload,
  CASE WHEN s.kind = 'compute' THEN coalesce(r.group_name, nullif(regexp_replace(r.name, '[-_.]?[0-9a-f]*[0-9][0-9a-f]*$', ''), ''), concat(split_part(s.instance_type, '.', 1), ' instances'))
    WHEN s.kind = 'container' THEN coalesce(r.group_name, 'tasks')
    WHEN s.kind = 'function' THEN coalesce(r.workload, 'functions')
    WHEN s.kind IN ('volume', 'snapshot', 'public-ip', 'transfer') THEN concat(s.kind, 's')
    WHEN s.kind IN ('observability', 'governance', 'other', 'registry', 'dns', 'analytics', 'workflow') THEN s.service
    WHEN s.kind = 'load-balancer' THEN coalesce(nullif(regexp_extract(s.resource, 'loadbalancer/(app|net|gwy)/([^/]+)', 2), ''), regexp_extract(s.resource, '[^/:]*$', 0))
    WHEN s.kind = 'firewall' THEN coalesce(nullif(regexp_extract(s.resource, 'webacl/([^/]+)', 1), ''), regexp_extract(s.resource, '[^/:]*$', 0))
    ELSE regexp_extract(s.resource, '[^/:]*$', 0) END AS label
FROM single s LEFT JOIN resource r ON r.account = s.account AND r.resource = s.resource AND coalesce(r.region, '') = coalesce(s.region, '')
UNION ALL
SELECT account, region, NULL AS resource, service, kind, NULL AS zone, NULL AS instance_type, cost, NULL AS environment, NULL AS environment_evidence, NULL AS workload, service AS label
FROM nameless
