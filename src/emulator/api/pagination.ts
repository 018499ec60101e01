import type { EmulatorRequest } from '../http/request';

/** One page of a list, and what the response says about pages. */
export interface Page<Item> {
  readonly items: Item[];
  readonly meta: { readonly pagination: { readonly total_pages: number } };
}

/**
 * The page that `page` and `per_page` ask for; a value that is not a positive integer is as good as none.
 * Applications have seen more in `pagination` than `total_pages`, but not all of them, so no other is sent.
 *
 * @param sizeLimit the size of a page, unless `per_page` is less
 */
export function paginate<Item>(list: readonly Item[], { parameters }: EmulatorRequest, sizeLimit: number): Page<Item> {
  const read = (name: string, fallback: number) =>
    /^[1-9]\d*$/.test(parameters.get(name) ?? '') ? Number(parameters.get(name)) : fallback;
  const size = Math.min(read('per_page', sizeLimit), sizeLimit);
  const start = (read('page', 1) - 1) * size;
  const total_pages = Math.max(1, Math.ceil(list.length / size));
  return { items: list.slice(start, start + size), meta: { pagination: { total_pages } } };
}
