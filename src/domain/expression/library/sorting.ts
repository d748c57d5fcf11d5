/**
 * A stable sort that compares in the order CPython's does, which shows where a comparison fails or, with NaN, makes no
 * sense. Source: the description of timsort in CPython's Objects/listsort.txt.
 */

type Before<A> = (left: A, right: A) => boolean

/** Up to here CPython sorts by insertion alone. */
const short = 64

/** How many items at the start are in order already, made so if they were in strictly falling order. */
const run = <A>(items: Array<A>, before: Before<A>): number => {
  if (items.length < 2) return items.length
  let count = 2
  if (before(items[1]!, items[0]!)) {
    while (count < items.length && before(items[count]!, items[count - 1]!)) count++
    items.splice(0, count, ...items.slice(0, count).toReversed())
  } else {
    while (count < items.length && !before(items[count]!, items[count - 1]!)) count++
  }
  return count
}

const insertion = <A>(items: Array<A>, before: Before<A>): Array<A> => {
  for (let next = run(items, before); next < items.length; next++) {
    const item = items[next]!
    let low = 0
    let high = next
    while (low < high) {
      const middle = (low + high) >> 1
      if (before(item, items[middle]!)) high = middle
      else low = middle + 1
    }
    items.splice(next, 1)
    items.splice(low, 0, item)
  }
  return items
}

const merge = <A>(left: ReadonlyArray<A>, right: ReadonlyArray<A>, before: Before<A>): Array<A> => {
  const merged: Array<A> = []
  let [i, j] = [0, 0]
  while (i < left.length && j < right.length) {
    merged.push(before(right[j]!, left[i]!) ? right[j++]! : left[i++]!)
  }
  return merged.concat(left.slice(i), right.slice(j))
}

export const sort = <A>(items: ReadonlyArray<A>, before: Before<A>): ReadonlyArray<A> => {
  if (items.length < short) return insertion([...items], before)
  const middle = items.length >> 1
  return merge(sort(items.slice(0, middle), before), sort(items.slice(middle), before), before)
}
