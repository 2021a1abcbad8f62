/// What the page does: it tells what held at the moment under the pointer, and switches between light and dark.
enum PageScript {
    static let text = #"""
        const told = document.getElementById("told");
        const root = document.documentElement;
        let at = 0; // seconds since the beginning, of the moment that was told about last

        document.getElementById("ground").onclick = () => {
          root.dataset.ground = getComputedStyle(root).colorScheme === "dark" ? "light" : "dark";
        };

        function clock(seconds) {
          if (page.beginsAt !== null)
            return new Date(page.beginsAt + seconds * 1000).toISOString().slice(0, 19).replace("T", " ") + " UTC";
          const days = Math.floor(seconds / 86400);
          return (days ? days + " d " : "") + new Date((seconds % 86400) * 1000).toISOString().slice(11, 19);
        }

        function number(value) {
          return value.toLocaleString("en", { maximumFractionDigits: value < 10 ? 2 : value < 100 ? 1 : 0 });
        }

        function duration(seconds) {
          if (seconds === 0) return "0 s";
          if (seconds < 1) return number(seconds * 1000) + " ms";
          if (seconds < 120) return number(seconds) + " s";
          if (seconds < 7200) return number(seconds / 60) + " min";
          if (seconds < 172800) return number(seconds / 3600) + " h";
          return number(seconds / 86400) + " d";
        }

        // What a reading says about a moment; null when it knows nothing.
        function read(reading, seconds) {
          if (reading.kind === "state")
            return reading.states.findLast(([from]) => from <= seconds)?.[1] ?? null;
          const place = Math.min(Math.floor(seconds / reading.width), reading.values.length - 1);
          const value = reading.values[place];
          if (value === null) return null;
          const say = reading.kind === "duration" ? duration : number;
          const [first, most] = [say(value), say(reading.most?.[place] ?? value)];
          if (first === most) return first;
          return reading.kind === "range" ? first + " to " + most : first + ", at most " + most;
        }

        function element(name, text) {
          const made = document.createElement(name);
          made.textContent = text;
          return made;
        }

        // The event next to a moment, when it is near enough to be meant.
        function eventNear(seconds, reach) {
          let nearest = null;
          for (const event of page.events) {
            const distance = Math.abs(event[0] - seconds);
            if (distance > reach) continue;
            reach = distance;
            nearest = event;
          }
          return nearest;
        }

        function fill(event) {
          const table = document.createElement("table");
          for (const reading of page.readings) {
            const says = read(reading, at);
            if (says !== null) table.insertRow().append(element("th", reading.name), element("td", says));
          }
          told.replaceChildren(element("b", clock(at)), table);
          if (!event) return;
          const why = document.createElement("p");
          why.append(element("b", event[1]), ": " + event[2]);
          told.append(why);
        }

        // The plots of a picture, with how they lie in the window.
        function view(svg) {
          const plots = page.plots[svg.classList.contains("wide") ? "wide" : "narrow"];
          const box = svg.getBoundingClientRect();
          const [left, right, top] = plots[0];
          return { svg, plots, box, left, right, top, bottom: plots[plots.length - 1][3],
            scale: box.width / svg.viewBox.baseVal.width, perPixel: page.span / (right - left) };
        }

        function tell(view, seconds, height) {
          const event = eventNear(seconds, (5 * view.perPixel) / view.scale);
          at = event ? event[0] : seconds;
          const x = view.left + at / view.perPixel;
          const strokes = view.plots.map(([, , top, bottom]) => `M${x} ${top}V${bottom}`);
          view.svg.querySelector(".cross").setAttribute("d", strokes.join(""));
          fill(event);
          told.hidden = false;
          const place = x * view.scale;
          const isLeft = place + told.offsetWidth + 24 > view.box.width;
          told.style.left = Math.max(isLeft ? place - told.offsetWidth - 14 : place + 14, 4) + "px";
          told.style.top = Math.max(0, Math.min(height, view.box.height - told.offsetHeight)) + "px";
        }

        function leave(svg) {
          told.hidden = true;
          svg.querySelector(".cross").setAttribute("d", "");
        }

        function point(svg, event) {
          const its = view(svg);
          const [across, down] = [event.clientX - its.box.left, event.clientY - its.box.top];
          const [x, y] = [across / its.scale, down / its.scale];
          const isOutside = x < its.left - 6 || x > its.right + 6 || y < its.top - 20 || y > its.bottom + 20;
          if (isOutside) return leave(svg);
          tell(its, Math.max(0, Math.min(x - its.left, its.right - its.left)) * its.perPixel, down + 16);
        }

        function press(svg, event) {
          const its = view(svg);
          const step = its.perPixel * (event.shiftKey ? 40 : 4);
          const times = page.events.map(([time]) => time);
          const moves = {
            ArrowLeft: () => at - step,
            ArrowRight: () => at + step,
            PageUp: () => times.findLast((time) => time < at) ?? at,
            PageDown: () => times.find((time) => time > at) ?? at,
            Home: () => 0,
            End: () => page.span,
          };
          if (event.key === "Escape") return leave(svg);
          if (!moves[event.key]) return;
          event.preventDefault();
          tell(its, Math.max(0, Math.min(moves[event.key](), page.span)), its.top * its.scale);
        }

        for (const svg of page.plots.wide.length ? document.querySelectorAll("#pictures svg") : []) {
          svg.addEventListener("pointermove", (event) => point(svg, event));
          svg.addEventListener("pointerleave", () => leave(svg));
          svg.addEventListener("blur", () => leave(svg));
          svg.addEventListener("keydown", (event) => press(svg, event));
        }
        """#
}
