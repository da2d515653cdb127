/** A whole bot: it says again what it is told. */
import { Client, Events, GatewayIntentBits } from "discord.js";

const [api = "http://127.0.0.1:4000/api", token = ""] = process.argv.slice(2);
const intents = [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages, GatewayIntentBits.MessageContent];
const bot = new Client({ intents, rest: { api } });

bot.on(Events.MessageCreate, (message) => {
  if (!message.author.bot) void message.reply(`You said: ${message.content}`);
});
await bot.login(token);
