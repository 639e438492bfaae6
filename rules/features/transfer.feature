what: data transfer of the period by kind, with the other region where there is one
sql:
WITH kind AS (
  SELECT account, region, zone, service, resource, operation, usage_type, meter, quantity, cost,
    CASE WHEN service = 'AmazonCloudFront' AND meter LIKE 'DataTransfer-Out-%Bytes' THEN 'edge_out'
      WHEN meter = 'DataTransfer-Regional-Bytes' AND operation LIKE '%InterZone-In' THEN 'interzone_in'
      WHEN meter = 'DataTransfer-Regional-Bytes' AND operation LIKE '%InterZone-Out' THEN 'interzone_out'
      WHEN meter = 'DataTransfer-Regional-Bytes' AND operation LIKE 'LoadBalancing%' THEN 'balancer'
      WHEN meter = 'DataTransfer-Regional-Bytes' AND operation LIKE '%PublicIP%' THEN 'public_ip'
      WHEN meter = 'DataTransfer-Regional-Bytes' AND operation LIKE '%VPCPeering%' THEN 'peering'
      WHEN meter LIKE 'VpcPeering-%Bytes' THEN 'peering'
      WHEN meter LIKE 'DataTransfer-xAZ-%' OR meter LIKE 'DataTransfer-AZ-%' THEN 'free_zone'
      WHEN meter IN ('DataTransfer-Out-Bytes', 'DataTransfer-Out-ABytes') THEN 'internet_out'
      WHEN meter IN ('DataTransfer-In-Bytes', 'DataTransfer-In-ABytes') THEN 'internet_in'
      WHEN meter LIKE 'AWS-Out-%Bytes%' THEN 'region_out'
      WHEN meter LIKE 'AWS-In-%Bytes%' THEN 'region_in'
      WHEN meter LIKE 'CloudFront-Out-%' THEN 'cloudfront_out'
      WHEN meter LIKE 'CloudFront-In-%' THEN 'cloudfront_in'
      WHEN meter LIKE 'C3DataTransfer-Out-%' THEN 's3_out'
      WHEN meter LIKE 'C3DataTransfer-In-%' THEN 's3_in'
      WHEN meter LIKE 'NatGateway-%Bytes' THEN 'nat'
      WHEN meter LIKE 'VpcEndpoint-%Bytes' THEN 'endpoint'
      WHEN meter = 'TransitGateway-Bytes' THEN 'gateway'
      WHEN meter LIKE 'DataXfer-%' THEN 'direct_connect' END AS kind
  FROM usage
)
SELECT k.account, k.region, k.zone, k.service, k.resource, k.operation, k.kind, r.region AS remote_region, sum(k.quantity) AS gb, sum(k.cost) AS cost
FROM kind k
LEFT JOIN region_prefixes r ON r.kind = 'region' AND k.kind IN ('region_out', 'region_in') AND r.prefix = regexp_extract(k.usage_type, '^[A-Z0-9]+-([A-Z]+[0-9]*)-AWS-', 1)
WHERE k.kind IS NOT NULL
GROUP BY k.account, k.region, k.zone, k.service, k.resource, k.operation, k.kind, r.region
