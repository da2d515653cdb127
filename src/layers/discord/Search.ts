/** As many messages Discord gives at once. */
export const MESSAGES_A_PAGE = 100;
/** So many requests one search may cost. */
const PAGES = 10;

/** Which page of a channel: that right after a message, that right before one, or the newest. */
export type Place = { readonly after: string } | { readonly before: string } | Record<string, never>;

/**
 * Looks for a message after the id `since`: first where that is, then from the newest backwards until the two meet or the
 * search has cost enough. Pages come oldest first.
 */
export const search = async <M extends { readonly id: string }>(
  since: string,
  pageAt: (place: Place) => Promise<ReadonlyArray<M>>,
  isIt: (message: M) => boolean,
): Promise<M | undefined> => {
  const oldest = await pageAt({ after: since });
  const early = oldest.find(isIt);
  const end = oldest.at(-1);
  if (early !== undefined || end === undefined || oldest.length < MESSAGES_A_PAGE) return early;
  for (let place: Place = {}, pages = 1; pages < PAGES; pages += 1) {
    const page: ReadonlyArray<M> = await pageAt(place);
    const found = page.find((message) => BigInt(message.id) > BigInt(end.id) && isIt(message));
    const [first] = page;
    if (found !== undefined || first === undefined || BigInt(first.id) <= BigInt(end.id)) return found;
    place = { before: first.id };
  }
  return undefined;
};
