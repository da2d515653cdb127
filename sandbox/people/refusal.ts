/** The Discord client would not let this person do it: told to the driver, never to the bot. */
export class ClientRefusal extends Error {}

export function refuse(why: string): never {
  throw new ClientRefusal(why);
}
