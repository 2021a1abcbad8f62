import Testing

@testable import WeirAPI

@Suite("Who is let in")
struct AdmissionSpecs {
    @Test("up to the limit at once; the next one when one closes")
    func limit() {
        var admission = Admission(limit: 2)
        var said: [Bool] = []
        for _ in 0..<2 {
            said.append(admission.next())
            admission.accepted()
        }
        said.append(admission.next())
        #expect(said == [true, true, false])

        // Somebody waits, and later nobody does.
        said = [admission.closed()]
        admission.accepted()
        said += [admission.next(), admission.closed(), admission.closed()]
        #expect(said == [true, false, true, false])
        #expect(admission.open == 0)
    }

    @Test("after a refusal nobody until the rest is over, whoever closes meanwhile")
    func rest() {
        var admission = Admission(limit: 2)
        var said = [admission.next()]
        admission.accepted()
        admission.failed()
        said += [admission.next(), admission.closed()]
        admission.rested()
        said += [admission.next()]
        #expect(said == [true, false, false, true])
    }
}
