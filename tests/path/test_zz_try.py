from aiokafka import AIOKafkaProducer, AIOKafkaConsumer
import asyncpg, asyncio
async def roundtrip(k):
    t=await k.create_topic(2, cleanup_policy="compact")
    p=AIOKafkaProducer(bootstrap_servers=k.bootstrap,acks="all",enable_idempotence=True); await p.start()
    for i in range(100): await p.send_and_wait(t,b"%d"%i,key=b"%d"%i)
    await asyncio.sleep(0)
    c=AIOKafkaConsumer(t,bootstrap_servers=k.bootstrap,auto_offset_reset="earliest"); await c.start()
    got=[await asyncio.wait_for(c.getone(),20) for _ in range(100)]
    await c.stop(); await p.stop()
    assert len(got)==100
async def test_a(kafka, postgres):
    await roundtrip(kafka)
async def test_b(kafka,postgres):
    d=await postgres.create_database(); c=await asyncpg.connect(d); await c.execute("create table x(a int); insert into x values (1)")
    await postgres.kill(); await postgres.restart(); await c.close() if not c.is_closed() else None
    c=await asyncpg.connect(d); assert await c.fetchval("select a from x")==1; await c.close()
async def test_c(own_kafka, own_postgres):
    assert own_kafka
def test_d(kafka): assert kafka.bootstrap
