/// Some of something, of which there is mostly one: the first is kept in place, and memory is asked for only when there are more.
struct Few<Element>: RandomAccessCollection {
    private var first: Element?
    private var others: [Element] = []

    @inline(__always)
    init() {}

    init(_ elements: [Element]) {
        first = elements.first
        others = Array(elements.dropFirst())
    }

    var startIndex: Int { 0 }
    @inline(__always)
    var endIndex: Int { first == nil ? 0 : 1 + others.count }

    @inline(__always)
    subscript(place: Int) -> Element {
        if place == 0, let first { return first }
        return others[place - 1]
    }

    @inline(__always)
    mutating func append(_ element: Element) {
        if first == nil { first = element } else { others.append(element) }
    }

    @inline(__always)
    mutating func remove(at place: Int) {
        if place > 0 {
            others.remove(at: place - 1)
        } else {
            first = others.isEmpty ? nil : others.removeFirst()
        }
    }
}
