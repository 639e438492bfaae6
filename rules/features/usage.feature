what: usage lines of the period, put together per meter and resource
sql:
SELECT * FROM usage_month WHERE in_period
