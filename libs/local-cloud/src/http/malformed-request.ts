/** A body or a header that is not what its format says; every API answers it with 400 and its own reason. */
export class MalformedRequest extends Error {
  override readonly name = 'MalformedRequest';

  constructor(
    readonly part: 'body' | 'header',
    message: string,
  ) {
    super(message);
  }
}
