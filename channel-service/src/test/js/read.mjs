// Reads a device's topic as an app does, with the user's access token, and prints the ids of its first messages.
// Usage: TOKEN=<access token> node read.mjs <bootstrap servers> <file with the authority's certificate> <topic> <group> <count>
import { readFileSync } from "node:fs";
import kafkajs from "kafkajs";

const { Kafka, logLevel } = kafkajs;
const [bootstrap, authority, topic, groupId, count] = process.argv.slice(2);

const kafka = new Kafka({
  brokers: bootstrap.split(","),
  ssl: { ca: [readFileSync(authority, "utf8")] },
  sasl: { mechanism: "oauthbearer", oauthBearerProvider: async () => ({ value: process.env.TOKEN }) },
  logLevel: logLevel.NOTHING,
  retry: { retries: 3 },
});
const consumer = kafka.consumer({ groupId, retry: { retries: 3 } });

const refused = (error) => {
  console.log(JSON.stringify({ refused: error.type ?? error.name }));
  process.exit(2);
};

try {
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
} catch (error) {
  refused(error);
}
const ids = [];
consumer.on(consumer.events.CRASH, (event) => refused(event.payload.error));
await new Promise((resolve) =>
  consumer.run({
    eachMessage: async ({ message }) => {
      ids.push(JSON.parse(message.value.toString("utf8")).id);
      if (ids.length === Number(count)) resolve();
    },
  }));
console.log(JSON.stringify({ ids }));
await consumer.disconnect();
process.exit(0);
