import Testing
import WeirCore

@testable import WeirAPI

@Suite("Forms, XML, Prometheus text, addresses")
struct WireSpecs {
    @Test("A form has its parameters in their order, and lists are numbered from 1")
    func forms() throws {
        let form = try #require(
            FormParameters("Action=X&a=1+2%2B3&L.member.1=x&L.member.2=%C3%A9&L.member.4=z&empty&=v"))
        #expect(form["Action"] == "X")
        #expect(form["a"] == "1 2+3")
        #expect(form.list("L") == ["x", "é"])
        #expect(form.list("M") == [])
        #expect(form["empty"] == "")
        #expect(form["missing"] == nil)
    }

    @Test(arguments: ["a=%", "a=%2", "a=%zz", "a=%ff", String(repeating: "a=1&", count: 1001)])
    func `What is no form`(_ text: String) {
        #expect(FormParameters(text) == nil)
    }

    @Test("Marks are escaped in XML, and what XML cannot carry is replaced")
    func xml() {
        var xml = XMLWriter()
        xml.element("a", namespace: "urn:x") { xml in
            xml.element("b", "<&>\"'\u{0}\n")
            xml.list("c", ["1", "2"])
            xml.element("d", true)
        }
        #expect(
            xml.text
                == "<a xmlns=\"urn:x\"><b>&lt;&amp;&gt;&quot;'\u{fffd}\n</b><c><member>1</member><member>2</member></c>"
                + "<d>true</d></a>")
    }

    @Test("A family has help, type and samples; without samples it is not there")
    func prometheus() {
        var text = PrometheusText()
        text.family("m_total", .counter, help: "a\\b\n\"c\"", samples: [([("l", "x\\y\"z\n")], 1.5), ([], 2)])
        text.family("none", .gauge, help: "nothing", samples: [])
        #expect(
            text.text
                == "# HELP m_total a\\\\b\\n\"c\"\n# TYPE m_total counter\nm_total{l=\"x\\\\y\\\"z\\n\"} 1.5\nm_total 2\n"
        )
    }

    @Test(
        arguments: [
            ("127.0.0.1:4100", .tcp(host: "127.0.0.1", port: 4100)), ("localhost:0", .tcp(host: "localhost", port: 0)),
            ("[::1]:80", .tcp(host: "::1", port: 80)), ("unix:/run/weir.sock", .unix(path: "/run/weir.sock")),
            ("", nil), ("localhost", nil), (":80", nil), ("localhost:", nil), ("localhost:65536", nil), ("::1:80", nil),
            ("unix:", nil),
        ] as [(String, ListenAddress?)])
    func `Addresses`(_ text: String, address: ListenAddress?) {
        #expect(ListenAddress(text) == address)
        if let address { #expect(address.description == text) }
    }

    @Test("A request id is a UUID in lower case")
    func requestID() {
        let id = RequestID(high: 0x0123_4567_89ab_cdef, low: 0xfedc_ba98_7654_3210)
        #expect(id.description == "01234567-89ab-cdef-fedc-ba9876543210")
    }
}
