import Testing

@testable import WeirCore

@Suite("A few, of which there is mostly one")
struct FewSpecs {
    private func made(_ numbers: [Int]) -> Few<Int> {
        var few = Few<Int>()
        for number in numbers { few.append(number) }
        return few
    }

    @Test("keep their order, however many there are", arguments: [[], [1], [1, 2], [3, 1, 2]])
    func order(_ numbers: [Int]) {
        #expect(Array(made(numbers)) == numbers)
        #expect(Array(Few(numbers)) == numbers)
        #expect(made(numbers).count == numbers.count)
    }

    @Test("the first and any other can be taken out", arguments: [0, 1, 2])
    func takenOut(_ place: Int) {
        var few = made([4, 5, 6])
        few.remove(at: place)
        var rest = [4, 5, 6]
        rest.remove(at: place)
        #expect(Array(few) == rest)
        few.append(7)
        #expect(Array(few) == rest + [7])
    }

    @Test("the only one can be taken out, and another put in its place")
    func onlyOne() {
        var few = made([4])
        few.remove(at: 0)
        #expect(few.isEmpty)
        few.append(5)
        #expect(Array(few) == [5])
    }
}
