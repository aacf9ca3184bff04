import { checkName, idOf, type Collection } from '../resources/names.js';
import { PubsubError } from '../wire/status.js';

/** Resources of one kind by name, with the errors that the service answers. */
export class Registry<T extends { readonly resource: { readonly name: string } }> {
  private readonly byName = new Map<string, T>();

  constructor(private readonly collection: Collection) {}

  add(item: T): void {
    this.byName.set(item.resource.name, item);
  }

  /** Errors: ALREADY_EXISTS. */
  checkFree(name: string): void {
    if (!this.byName.has(checkName(this.collection, name))) return;
    throw new PubsubError(
      'ALREADY_EXISTS',
      `Resource already exists in the project (resource=${idOf(name)}).`,
    );
  }

  /** Errors: INVALID_ARGUMENT for a bad name, NOT_FOUND. */
  get(name: string): T {
    const item = this.byName.get(checkName(this.collection, name));
    if (item === undefined) throw notFound(name);
    return item;
  }

  find(name: string): T | undefined {
    return this.byName.get(name);
  }

  remove(name: string): void {
    this.byName.delete(name);
  }

  all(): T[] {
    return [...this.byName.values()];
  }

  /** `project`: `projects/P`. */
  ofProject(project: string): T[] {
    return this.all().filter(({ resource }) => resource.name.startsWith(`${project}/${this.collection}/`));
  }
}

export function notFound(name: string): PubsubError {
  return new PubsubError('NOT_FOUND', `Resource not found (resource=${idOf(name)}).`);
}
