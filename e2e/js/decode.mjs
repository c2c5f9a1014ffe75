// Finds the first record with a key in a topic, reading from the beginning, and prints it as one line of JSON.
// Usage: node decode.mjs <bootstrap servers> <registry url> <topic> <key>
import { AvroDeserializer, SchemaRegistryClient, SerdeType } from "@confluentinc/schemaregistry";
import kafkajs from "kafkajs";
import lz4 from "lz4js";

const { CompressionCodecs, CompressionTypes, Kafka, logLevel } = kafkajs;
const [bootstrap, registry, topic, key] = process.argv.slice(2);
const giveUpAfterMillis = 60_000;

// kafkajs leaves lz4, which the relay's producers use, to its users.
CompressionCodecs[CompressionTypes.LZ4] = () => ({
  compress: async (encoder) => Buffer.from(lz4.compress(encoder.buffer)),
  decompress: async (buffer) => Buffer.from(lz4.decompress(buffer)),
});

const readable = (name, value) => {
  if (typeof value === "bigint") return value.toString();
  if (value?.type === "Buffer") return Buffer.from(value.data).toString("utf8");
  return value;
};

const deserializer = new AvroDeserializer(
  new SchemaRegistryClient({ baseURLs: [registry] }), SerdeType.VALUE, {});
const consumer = new Kafka({ brokers: bootstrap.split(","), logLevel: logLevel.ERROR })
  .consumer({ groupId: `decode-${process.pid}-${Date.now()}` });

const giveUp = setTimeout(() => {
  console.error(`no record with key ${key} in ${topic} within ${giveUpAfterMillis} ms`);
  process.exit(1);
}, giveUpAfterMillis);

await consumer.connect();
await consumer.subscribe({ topics: [topic], fromBeginning: true });
await new Promise((resolve, reject) => {
  consumer.on(consumer.events.CRASH, (event) => reject(event.payload.error));
  consumer.run({
    eachMessage: async ({ partition, message }) => {
      if (message.key?.toString("utf8") !== key) return;
      const value = await deserializer.deserialize(topic, message.value);
      console.log(JSON.stringify({ key, partition, value }, readable));
      resolve();
    },
  }).catch(reject);
});
clearTimeout(giveUp);
await consumer.disconnect();
process.exit(0);
