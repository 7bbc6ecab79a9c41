//! Where everything stands. Numbers are CSS pixels.

use simcloud::{ServerView, SubnetView, View};

use super::{Area, Drawing, Kind, Thing};

/// Width of every picture.
pub const WIDTH: i32 = 416;
/// Room on the left for the line to the outside.
const GUTTER: i32 = 24;
/// Between an edge and what stands in it.
const INSET: i32 = 8;
/// Height of a line of things without a second line.
const ROW: i32 = 24;
/// Height of a thing with two lines.
const TALL: i32 = 40;
/// Width of one character, about.
const CHARACTER: i32 = 7;
/// Things of one kind drawn in one place; more are counted.
const MOST: usize = 12;

/// The picture while it is drawn from above to below.
struct Pen<'v> {
    view: &'v View,
    project: &'v str,
    drawing: Drawing,
    y: i32,
}

pub(super) fn lay_out(view: &View, project: &str) -> Drawing {
    let mut pen = Pen {
        view,
        project,
        drawing: Drawing::default(),
        y: 0,
    };
    pen.outside();
    let mut drawn: Vec<&str> = Vec::new();
    for router in view
        .routers
        .iter()
        .filter(|router| router.project == project)
    {
        pen.router(router, &mut drawn);
    }
    pen.unrouted(&drawn);
    pen.volumes();
    pen.counts();
    pen.drawing.height = pen.y.max(1);
    pen.drawing.sentence = sentence(view, project);
    pen.drawing
}

impl<'v> Pen<'v> {
    /// The networks that lead outside, with the floating IPs.
    fn outside(&mut self) {
        let view = self.view;
        for network in view.networks.iter().filter(|network| network.external) {
            let top = self.y;
            let first = self.drawing.things.len();
            self.thing(
                Kind::External,
                &network.id,
                &network.name,
                "",
                Area {
                    x: 0,
                    y: top,
                    width: WIDTH,
                    height: ROW,
                },
            );
            self.note(first, "leads outside");
            self.y += ROW + 4;
        }
        let own = view
            .floating_ips
            .iter()
            .filter(|one| one.project == self.project);
        let own: Vec<_> = own.collect();
        let half = (WIDTH - GUTTER - INSET) / 2;
        let shown = own.len().min(MOST);
        for (index, address) in own.iter().take(MOST).enumerate() {
            let (column, row) = (index as i32 % 2, index as i32 / 2);
            let area = Area {
                x: GUTTER + column * (half + INSET),
                y: self.y + row * (ROW + 4),
                width: half,
                height: ROW,
            };
            let holder = address.port.as_ref().and_then(|port| self.holder(port));
            let at = self.thing(Kind::Address, &address.id, &address.address, "", area);
            match holder {
                Some(holder) => self.note(at, &format!("to {holder}")),
                None => self.note(at, "free"),
            }
        }
        self.y += (shown as i32 + 1) / 2 * (ROW + 4);
        self.more(own.len() - shown, "floating IPs", GUTTER);
        self.y += 4;
    }

    /// Name of the server that a port belongs to.
    fn holder(&self, port: &str) -> Option<String> {
        let server = self
            .view
            .servers
            .iter()
            .find(|server| server.ports.iter().any(|one| one == port))?;
        Some(or(&server.name, &server.id))
    }

    /// A router with the subnets it has an interface in.
    fn router(&mut self, router: &'v simcloud::RouterView, drawn: &mut Vec<&'v str>) {
        let top = self.y;
        let inner = Area {
            x: GUTTER + INSET,
            y: top + INSET,
            width: WIDTH - GUTTER - 2 * INSET,
            height: ROW,
        };
        let at = self.thing(Kind::Router, &router.id, &router.name, "", inner);
        let gateway = router.gateway.as_ref().and_then(|id| {
            let at = self
                .drawing
                .things
                .iter()
                .position(|thing| thing.id == *id)?;
            self.drawing
                .things
                .get(at)
                .map(|thing| (thing.area, thing.name.clone()))
        });
        match &gateway {
            Some((area, name)) => {
                self.note(at, &format!("way out: {name}"));
                let (x, from, to) = (GUTTER / 2, area.y + area.height, inner.y + ROW / 2);
                self.drawing
                    .wires
                    .push(vec![(x, from), (x, to), (inner.x, to)]);
            }
            None => self.note(at, "no way out"),
        }
        self.y = inner.y + ROW + INSET;
        let subnets = self.view.subnets.iter();
        let subnets: Vec<_> = subnets
            .filter(|subnet| {
                router.subnets.contains(&subnet.id) && !drawn.contains(&subnet.id.as_str())
            })
            .collect();
        for subnet in &subnets {
            drawn.push(&subnet.id);
            self.subnet(subnet, GUTTER + INSET);
        }
        self.frame(GUTTER, top, WIDTH - GUTTER);
        self.y += INSET;
    }

    /// Subnets that no router leads to, and networks without a subnet.
    fn unrouted(&mut self, drawn: &[&str]) {
        let view = self.view;
        let visible = |id: &str| {
            let network = view.networks.iter().find(|network| network.id == id);
            network.is_some_and(|network| {
                !network.external && (network.project == self.project || network.shared)
            })
        };
        let left = view
            .subnets
            .iter()
            .filter(|subnet| visible(&subnet.network) && !drawn.contains(&subnet.id.as_str()));
        let left: Vec<_> = left.collect();
        if !left.is_empty() {
            let top = self.y;
            self.y += INSET;
            self.words(GUTTER + INSET, "Without a router");
            for subnet in left {
                self.subnet(subnet, GUTTER + INSET);
            }
            self.frame(GUTTER, top, WIDTH - GUTTER);
            self.y += INSET;
        }
        let homeless = view
            .servers
            .iter()
            .filter(|server| server.project == self.project && self.subnet_of(server).is_none());
        let homeless: Vec<_> = homeless.collect();
        if !homeless.is_empty() {
            self.words(GUTTER, "Servers without a network");
            self.servers(&homeless, GUTTER, WIDTH - GUTTER);
        }
    }

    fn subnet(&mut self, subnet: &'v SubnetView, x: i32) {
        let (top, width) = (self.y, WIDTH - x - INSET);
        let network = self
            .view
            .networks
            .iter()
            .find(|network| network.id == subnet.network);
        let network = network
            .map(|network| or(&network.name, &network.id))
            .unwrap_or_default();
        let at = self.thing(
            Kind::Subnet,
            &subnet.id,
            &subnet.cidr,
            "",
            Area {
                x,
                y: top,
                width,
                height: ROW,
            },
        );
        let name = Some(&subnet.name)
            .filter(|name| !name.is_empty())
            .unwrap_or(&network);
        self.note(at, name);
        if let Some(thing) = self.drawing.things.get_mut(at) {
            thing.facts = vec![
                ("CIDR", subnet.cidr.clone()),
                ("Network", network),
                ("Name", or(&subnet.name, "none")),
            ];
        }
        self.y += ROW + 4;
        let servers = self.view.servers.iter();
        let servers: Vec<_> = servers
            .filter(|server| {
                server.project == self.project && self.subnet_of(server) == Some(&subnet.id)
            })
            .collect();
        self.servers(&servers, x + INSET, width - 2 * INSET);
        let ports = self.view.ports.iter().filter(|port| {
            port.device.is_empty()
                && port.owner.is_empty()
                && port
                    .addresses
                    .first()
                    .is_some_and(|(id, _)| *id == subnet.id)
        });
        let ports: Vec<_> = ports.collect();
        for port in ports.iter().take(MOST) {
            let area = Area {
                x: x + INSET,
                y: self.y,
                width: (width - 3 * INSET) / 2,
                height: ROW,
            };
            let address = port
                .addresses
                .first()
                .map(|(_, address)| address.clone())
                .unwrap_or_default();
            let at = self.thing(Kind::Port, &port.id, &address, "", area);
            self.note(at, "port");
            self.y += ROW + 4;
        }
        self.more(ports.len().saturating_sub(MOST), "ports", x + INSET);
        self.frame(x, top, width);
        self.y += INSET;
    }

    fn servers(&mut self, servers: &[&'v ServerView], x: i32, width: i32) {
        let half = (width - INSET) / 2;
        for pair in servers
            .get(..servers.len().min(MOST))
            .unwrap_or_default()
            .chunks(2)
        {
            let mut lowest = self.y;
            for (column, server) in pair.iter().enumerate() {
                let left = x + column as i32 * (half + INSET);
                lowest = lowest.max(self.server(server, left, half));
            }
            self.y = lowest + 4;
        }
        self.more(servers.len().saturating_sub(MOST), "servers", x);
    }

    /// Draws a server with its volumes; gives its lower edge.
    fn server(&mut self, server: &'v ServerView, x: i32, width: i32) -> i32 {
        let ports = self
            .view
            .ports
            .iter()
            .filter(|port| server.ports.contains(&port.id));
        let ports: Vec<_> = ports.collect();
        let fixed: Vec<&str> = ports
            .iter()
            .flat_map(|port| &port.addresses)
            .map(|(_, address)| address.as_str())
            .collect();
        let public = self.view.floating_ips.iter();
        let public: Vec<&str> = public
            .filter(|address| {
                address
                    .port
                    .as_ref()
                    .is_some_and(|port| server.ports.contains(port))
            })
            .map(|address| address.address.as_str())
            .collect();
        let mut groups: Vec<&String> = ports
            .iter()
            .flat_map(|port| &port.security_groups)
            .collect();
        groups.sort();
        groups.dedup();
        let at = self.thing(
            Kind::Server,
            &server.id,
            &server.name,
            &server.status,
            Area {
                x,
                y: self.y,
                width,
                height: TALL,
            },
        );
        let note = fixed
            .iter()
            .chain(&public)
            .copied()
            .collect::<Vec<_>>()
            .join(" · ");
        self.note(at, &note);
        if let Some(thing) = self.drawing.things.get_mut(at) {
            thing.facts = vec![
                ("Flavor", server.flavor.clone()),
                ("Fixed IPs", or(&fixed.join(", "), "none")),
                ("Floating IPs", or(&public.join(", "), "none")),
                ("Security groups", groups.len().to_string()),
                ("Volumes", server.volumes.len().to_string()),
            ];
        }
        let mut low = self.y + TALL;
        for volume in self
            .view
            .volumes
            .iter()
            .filter(|volume| volume.server.as_ref() == Some(&server.id))
            .take(MOST)
        {
            self.volume(
                volume,
                Area {
                    x: x + INSET,
                    y: low,
                    width: width - INSET,
                    height: ROW,
                },
            );
            low += ROW;
        }
        low
    }

    fn subnet_of(&self, server: &ServerView) -> Option<&'v str> {
        let view = self.view;
        let ports = server
            .ports
            .iter()
            .filter_map(|id| view.ports.iter().find(|port| port.id == *id));
        ports
            .flat_map(|port| &port.addresses)
            .map(|(subnet, _)| subnet.as_str())
            .next()
    }

    /// Volumes that no server has.
    fn volumes(&mut self) {
        let free = self
            .view
            .volumes
            .iter()
            .filter(|volume| volume.project == self.project && volume.server.is_none());
        let free: Vec<_> = free.collect();
        if free.is_empty() {
            return;
        }
        self.words(GUTTER, "Volumes not attached");
        let half = (WIDTH - GUTTER - INSET) / 2;
        let shown = free.len().min(MOST);
        for (index, volume) in free.iter().take(MOST).enumerate() {
            let (column, row) = (index as i32 % 2, index as i32 / 2);
            let (x, y) = (GUTTER + column * (half + INSET), self.y + row * (ROW + 4));
            self.volume(
                volume,
                Area {
                    x,
                    y,
                    width: half,
                    height: ROW,
                },
            );
        }
        self.y += (shown as i32 + 1) / 2 * (ROW + 4);
        self.more(free.len() - shown, "volumes", GUTTER);
        self.y += 4;
    }

    fn volume(&mut self, volume: &simcloud::VolumeView, area: Area) {
        let at = self.thing(Kind::Volume, &volume.id, &volume.name, &volume.status, area);
        self.note(at, &format!("{} GiB", volume.size));
        if let Some(thing) = self.drawing.things.get_mut(at) {
            thing.facts = vec![("Size", format!("{} GiB", volume.size))];
        }
    }

    /// What is only counted.
    fn counts(&mut self) {
        let own = self
            .view
            .security_groups
            .iter()
            .filter(|group| group.project == self.project);
        let text = counted(own.count(), "security group", "security groups");
        self.words(GUTTER, &text);
    }

    fn thing(&mut self, kind: Kind, id: &str, name: &str, status: &str, area: Area) -> usize {
        // Where a thing has no name, the beginning of its id stands for one.
        let short = id.get(..8).unwrap_or(id);
        let name = or(name, short);
        let sign = if status.is_empty() { 0 } else { 2 };
        let room = (area.width - 2 * INSET) / CHARACTER - sign;
        self.drawing.things.push(Thing {
            id: id.to_owned(),
            kind,
            area,
            title: shortened(&name, room),
            note: String::new(),
            name,
            facts: Vec::new(),
            status: status.to_owned(),
        });
        self.drawing.things.len() - 1
    }

    /// Says more of a thing, as far as there is room: behind its name, or below it.
    fn note(&mut self, at: usize, text: &str) {
        if let Some(thing) = self.drawing.things.get_mut(at) {
            let mut room = (thing.area.width - 2 * INSET) / CHARACTER;
            if thing.area.height < TALL {
                // Name and note share the line; the name has the first half of it.
                let half = room / 2;
                let taken = (thing.title.chars().count() as i32)
                    .min(half.max(room - text.chars().count() as i32 - 3));
                thing.title = shortened(&thing.title, taken);
                room -= thing.title.chars().count() as i32 + 3;
            }
            thing.note = shortened(text, room);
        }
    }

    fn words(&mut self, x: i32, text: &str) {
        self.y += 12;
        self.drawing.words.push((x, self.y, text.to_owned()));
        self.y += INSET;
    }

    fn more(&mut self, count: usize, what: &str, x: i32) {
        if count > 0 {
            self.words(x, &format!("and {count} more {what}"));
        }
    }

    fn frame(&mut self, x: i32, top: i32, width: i32) {
        self.drawing.frames.push(Area {
            x,
            y: top,
            width,
            height: self.y - top,
        });
    }
}

fn or(text: &str, other: &str) -> String {
    if text.is_empty() {
        other.to_owned()
    } else {
        text.to_owned()
    }
}

fn shortened(text: &str, room: i32) -> String {
    let room = room.max(1) as usize;
    if text.chars().count() <= room {
        return text.to_owned();
    }
    text.chars()
        .take(room.saturating_sub(1))
        .chain(['…'])
        .collect()
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

fn sentence(view: &View, project: &str) -> String {
    let own = |owner: &String| owner == project;
    [
        counted(
            view.routers.iter().filter(|one| own(&one.project)).count(),
            "router",
            "routers",
        ),
        counted(
            view.networks
                .iter()
                .filter(|one| own(&one.project) && !one.external)
                .count(),
            "network",
            "networks",
        ),
        counted(
            view.servers.iter().filter(|one| own(&one.project)).count(),
            "server",
            "servers",
        ),
        counted(
            view.volumes.iter().filter(|one| own(&one.project)).count(),
            "volume",
            "volumes",
        ),
        counted(
            view.floating_ips
                .iter()
                .filter(|one| own(&one.project))
                .count(),
            "floating IP",
            "floating IPs",
        ),
        counted(
            view.security_groups
                .iter()
                .filter(|one| own(&one.project))
                .count(),
            "security group",
            "security groups",
        ),
    ]
    .join(", ")
}
