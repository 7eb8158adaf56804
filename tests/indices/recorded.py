"""Recorded answers of publishers, cut to the fields and rows the tests need.

None was recorded by a run of LaSalle's own connectors; each says where it comes from.
"""

SKYPILOT_AWS = b"""\
InstanceType,AcceleratorName,AcceleratorCount,vCPUs,MemoryGiB,GpuInfo,Price,SpotPrice,Region,AvailabilityZone,Arch
a1.medium,,,1.0,2.0,,0.0255,0.013900,us-west-2,usw2-az3,arm64
p4de.24xlarge,A100-80GB,8.0,96.0,1152.0,,40.96576,,us-east-1,use1-az1,x86_64
p5.48xlarge,H100,8.0,192.0,2048.0,,105.2024,,eu-north-1,eun1-az3,x86_64
p5.48xlarge,H100,8.0,192.0,2048.0,,98.32,55.00768,us-east-1,use1-az5,x86_64
p5.48xlarge,H100,8.0,192.0,2048.0,,98.32,,us-east-2,use2-az1,x86_64
p5.48xlarge,H100,8.0,192.0,2048.0,,98.32,36.434,us-east-2,use2-az2,x86_64
p5.48xlarge,H100,8.0,192.0,2048.0,,98.32,34.32256,us-west-2,usw2-az1,x86_64
"""
"""Layout and the row of a1.medium: catalogs/v8/aws/vms.csv of skypilot-org/skypilot-catalog on
GitHub at e385a0d348ed. Prices of p4de and p5: that catalogue's own on 2024-06-13."""

AZURE_ITEM = {
    "currencyCode": "USD",
    "tierMinimumUnits": 0.0,
    "retailPrice": 98.32,
    "unitPrice": 98.32,
    "armRegionName": "eastus",
    "location": "US East",
    "effectiveStartDate": "2023-08-01T00:00:00Z",
    "meterId": "m-1",
    "meterName": "ND96isr H100 v5",
    "productId": "p-1",
    "skuId": "p-1/1",
    "productName": "Virtual Machines NDsr H100 v5 Series",
    "skuName": "ND96isr H100 v5",
    "serviceName": "Virtual Machines",
    "serviceId": "DZH313Z7MMC8",
    "serviceFamily": "Compute",
    "unitOfMeasure": "1 Hour",
    "type": "Consumption",
    "isPrimaryMeterRegion": True,
    "armSkuName": "Standard_ND96isr_H100_v5",
}
"""Form: the sample response of Microsoft's page "Azure Retail Prices overview",
learn.microsoft.com/rest/api/cost-management/retail-prices/azure-retail-prices. Numbers made up."""

VAST_OFFERS = [
    {
        "id": 48285735,
        "machine_id": 148199,
        "gpu_name": "H100 SXM",
        "gpu_ram": 81559,
        "num_gpus": 1,
        "dph_base": 1.3866666666666667,
        "dph_total": 1.3867407407407408,
        "is_bid": False,
        "geolocation": ", US",
        "rentable": True,
        "rented": False,
        "verification": "unverified",
    },
    {
        "id": 48254133,
        "machine_id": 140072,
        "gpu_name": "H100 SXM",
        "gpu_ram": 81559,
        "num_gpus": 1,
        "dph_base": 1.5999999999999999,
        "dph_total": 1.6059259259259258,
        "is_bid": False,
        "geolocation": "Japan, JP",
        "rentable": True,
        "rented": False,
        "verification": "unverified",
    },
    {
        "id": 40291943,
        "machine_id": 59380,
        "gpu_name": "H100 SXM",
        "gpu_ram": 81559,
        "num_gpus": 1,
        "dph_base": 1.7333333333333334,
        "dph_total": 1.7355555555555555,
        "is_bid": False,
        "geolocation": "Washington, US",
        "rentable": True,
        "rented": False,
        "verification": "verified",
    },
]
"""Three offers of tests/fixtures/observatory/vast/h100_sxm_asc.json of getcomputable/gpu-index on
GitHub at 055204adf5e6, some fields left out."""

PRIME_ITEMS = [
    {
        "cloudId": "gpu_8x_h100_sxm5",
        "gpuType": "H100_80GB",
        "socket": "SXM5",
        "provider": "lambdalabs",
        "region": "united_states",
        "dataCenter": "us-west-3",
        "country": "US",
        "gpuCount": 8,
        "gpuMemory": 80,
        "stockStatus": "Low",
        "security": "secure_cloud",
        "prices": {"onDemand": 23.92, "communityPrice": None, "currency": "USD"},
    },
    {
        "cloudId": "8H100.80S.176V",
        "gpuType": "H100_80GB",
        "socket": "SXM5",
        "provider": "datacrunch",
        "region": "eu_north",
        "dataCenter": "FIN-02",
        "country": "FI",
        "gpuCount": 8,
        "gpuMemory": 80,
        "stockStatus": "Unavailable",
        "security": "secure_cloud",
        "prices": {"onDemand": 15.77, "communityPrice": None, "currency": "USD"},
    },
    {
        "cloudId": "NVIDIA H100 PCIe",
        "gpuType": "H100_80GB",
        "socket": "PCIe",
        "provider": "runpod",
        "region": "united_states",
        "dataCenter": "US-KS-2",
        "country": "US",
        "gpuCount": 1,
        "gpuMemory": 80,
        "stockStatus": "Low",
        "security": "secure_cloud",
        "prices": {"onDemand": 2.69, "communityPrice": None, "currency": "USD"},
    },
]
"""Form and the third offer: docs.primeintellect.ai, "Get Availability Information". The prices of
the others: catalogs/v8/primeintellect/vms.csv of skypilot-org/skypilot-catalog on GitHub at
d9a304ea01e9; their stock is made up."""

AWS_SPOT = b"""\
<?xml version="1.0" encoding="UTF-8"?>
<DescribeSpotPriceHistoryResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">
  <requestId>59dbff89-35bd-4eac-99ed-be587EXAMPLE</requestId>
  <spotPriceHistorySet>
    <item>
      <instanceType>p5.48xlarge</instanceType>
      <productDescription>Linux/UNIX</productDescription>
      <spotPrice>36.434000</spotPrice>
      <timestamp>2026-03-12T06:25:01.000Z</timestamp>
      <availabilityZone>us-east-1b</availabilityZone>
    </item>
    <item>
      <instanceType>p5.48xlarge</instanceType>
      <productDescription>Linux/UNIX</productDescription>
      <spotPrice>35.100000</spotPrice>
      <timestamp>2026-03-08T22:05:10.000Z</timestamp>
      <availabilityZone>us-east-1c</availabilityZone>
    </item>
  </spotPriceHistorySet>
  <nextToken/>
</DescribeSpotPriceHistoryResponse>
"""
"""Form: the sample answer of the EC2 API reference, DescribeSpotPriceHistory. Numbers made up."""
