/**
 * URLs that no feature may call (security notes: server-side request forgery). Each group names what it tries; every entry
 * must be refused before a packet is sent.
 */

const dotted = [
  "127.0.0.1",
  "0.0.0.0",
  "169.254.169.254",
  "10.0.0.1",
  "172.16.0.1",
  "192.168.0.1",
  "100.64.0.1",
]

const octets = (address: string): number[] => address.split(".").map(Number)
const whole = (address: string): number => octets(address).reduce((sum, one) => sum * 256 + one, 0)

/** The ways in which browsers and resolvers read one IPv4 address. */
const spellings = (address: string): string[] => {
  const [a, b, c, d] = octets(address)
  return [
    address,
    `${address}.`,
    String(whole(address)),
    `0x${whole(address).toString(16).padStart(8, "0")}`,
    octets(address)
      .map((one) => `0x${one.toString(16)}`)
      .join("."),
    octets(address)
      .map((one) => `0${one.toString(8)}`)
      .join("."),
    `${a}.0x${b!.toString(16)}.0${c!.toString(8)}.${d}`,
    `${a}.${b! * 65_536 + c! * 256 + d!}`,
    Array.from(address)
      .map((sign) => (sign === "." ? "." : String.fromCodePoint(sign.codePointAt(0)! + 0xfee0)))
      .join(""),
    address.replaceAll(".", "。"),
    Array.from(address)
      .map((sign) => `%${sign.codePointAt(0)!.toString(16)}`)
      .join(""),
  ]
}

export const ssrfUrls: Record<string, string[]> = {
  "spellings of private IPv4 addresses": dotted.flatMap(spellings).map((host) => `http://${host}/`),
  "short loopback": ["http://127.1/", "http://0/", "http://127.0.1/", "http://0177.1/", "http://0x7f.1/"],
  "tricks of parsing": [
    "http://user:secret@127.0.0.1/",
    "http://example.com@169.254.169.254/",
    "https://user@example.com/",
    "http://example.com\\@127.0.0.1/",
    "http:\\\\127.0.0.1\\",
    "http://127.0.0.1\t/",
    "http://127.0.\n0.1/",
    " http://127.0.0.1/",
    "http:127.0.0.1/",
    "http:/127.0.0.1/",
    "http:///127.0.0.1/",
    "http://127.0.0.1:80:80/",
    "http://[::1/",
    "//127.0.0.1/",
    "",
  ],
  IPv6: [
    "[::1]",
    "[::]",
    "[0:0:0:0:0:0:0:1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::ffff:8.8.8.8]",
    "[::ffff:a9fe:a9fe]",
    "[::127.0.0.1]",
    "[::7f00:1]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b::169.254.169.254]",
    "[64:ff9b:1::a00:1]",
    "[2002:7f00:1::]",
    "[2002:a9fe:a9fe::1]",
    "[2001::1]",
    "[2001:0:4136:e378:8000:63bf:3fff:fdd2]",
    "[2001:db8::1]",
    "[3fff::1]",
    "[fc00::1]",
    "[fd12:3456:789a::1]",
    "[fd00:ec2::254]",
    "[fe80::1]",
    "[fe80::1%25eth0]",
    "[fec0::1]",
    "[ff02::1]",
    "[100::1]",
    "[5f00::1]",
  ].map((host) => `http://${host}/`),
  "special IPv4": [
    "192.0.0.1",
    "192.0.0.170",
    "192.0.2.1",
    "192.88.99.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "168.63.129.16",
    "100.100.100.200",
    "169.254.170.2",
    "172.31.255.255",
    "100.127.255.255",
    "0.1.2.3",
  ].map((host) => `http://${host}/latest/meta-data/`),
  names: [
    "localhost",
    "LOCALHOST",
    "localhost.",
    "app.localhost",
    "localhost.localdomain",
    "printer.local",
    "db.internal",
    "metadata.google.internal",
    "metadata",
    "instance-data",
    "instance-data.ec2.internal",
    "kubernetes.default.svc.cluster.local",
    "router.lan",
    "nas.home.arpa",
    "intranet",
    "wiki.corp",
    "1.0.0.127.in-addr.arpa",
    "127.0.0.1.nip.io",
    "7f000001.nip.io",
    "10-0-0-1.sslip.io",
    "localtest.me",
    "foo.lvh.me",
    "7f000001.c0a80001.rbndr.us",
    "make-127-0-0-1-and-8-8-8-8-rr.1u.ms",
    "192.168.0.1.example.org",
    "ip-10-0-0-5.example.org",
    "service.workers.dev",
    "app.pages.dev",
    "abc.onion",
    "ⓛocalhost",
  ].map((host) => `http://${host}/`),
  schemes: [
    "file:///etc/passwd",
    "data:text/plain,hello",
    "blob:https://example.org/3f1c",
    "ftp://example.org/",
    "gopher://example.org:70/_x",
    "ws://example.org/",
    "wss://example.org/",
    "jar:http://example.org!/",
    "javascript:alert(1)",
    "dict://example.org:11211/",
    "ldap://example.org/",
    "about:blank",
  ],
  ports: [22, 25, 6379, 8080, 3306, 11211, 2375, 9200, 65535].map((port) => `http://example.org:${port}/`),
}
