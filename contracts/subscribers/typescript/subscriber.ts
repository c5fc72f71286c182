// An outside system in TypeScript: prints each role as it is now.
//
//   npm ci && LOTI_KAFKA=127.0.0.1:9092 npm start
//
// Kafka remembers how far the group has read. A message may come again after a crash, so whatever you do with a role,
// do it only if its revision is newer than the one you have: that is what `seen` stands for here.
import { Consumer, stringDeserializer } from "@platformatic/kafka";
import type { Events } from "./events.js";

const consumer = new Consumer({
  groupId: process.env.LOTI_GROUP ?? "example-typescript",
  clientId: "example-typescript",
  bootstrapBrokers: (process.env.LOTI_KAFKA ?? "127.0.0.1:9092").split(","),
  deserializers: { headerKey: stringDeserializer, headerValue: stringDeserializer, key: stringDeserializer, value: stringDeserializer },
});
const seen = new Map<string, number>();
const stream = await consumer.consume({
  topics: ["loti.roles.v1"],
  autocommit: false,
  isolationLevel: 1, // read committed
  mode: "committed", // go on where the group stopped, and begin at the start
  fallbackMode: "earliest",
  sessionTimeout: 10_000,
  heartbeatInterval: 500,
});

for await (const message of stream) {
  const type = message.headers.get("ce_type") as keyof Events | undefined;
  if (type?.startsWith("london.loti.role.") && message.value) {
    const { role } = JSON.parse(message.value) as Events["london.loti.role.discovered.v1"];
    if (role.revision > (seen.get(role.id) ?? 0)) {
      seen.set(role.id, role.revision);
      console.log(`${role.status}  ${role.title}  ${role.authorities.map((one) => one.name).join(", ")}`);
    }
  }
  await message.commit(); // after the effect, never before
}
