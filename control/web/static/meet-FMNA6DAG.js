import{c as wt,d as xt,e as kt,f as Ee}from"./chunk-Q4EWT3OG.js";import{a as ft,b as gt,c as yt,d as te,e as j,f as vt,g as bt,h as $e}from"./chunk-WXIR2NMD.js";import{$ as F,M as u,N as o,Oa as Te,P as lt,Q as m,S as g,T as y,U as f,V as $,W as R,X as v,Y as h,Z as be,_ as E,a as Z,aa as ee,ha as we,na as pt,pa as ht,q as at,ya as ut}from"./chunk-WMGVGG6D.js";import{a,b as d,c,d as K,e as p,f as xe,g as ke,h as dt,i as ct,j as mt}from"./chunk-SSTONQ5Q.js";var Tt=(n,t,e)=>{let i=new Map;for(let r=t;r<=e;r++)i.set(n[r],r);return i},q=gt(class extends yt{constructor(n){if(super(n),n.type!==ft.CHILD)throw Error("repeat() can only be used in text expressions")}dt(n,t,e){let i;e===void 0?e=t:t!==void 0&&(i=t);let r=[],s=[],l=0;for(let b of n)r[l]=i?i(b,l):l,s[l]=e(b,l),l++;return{values:s,keys:r}}render(n,t,e){return this.dt(n,t,e).values}update(n,[t,e,i]){let r=bt(n),{values:s,keys:l}=this.dt(t,e,i);if(!Array.isArray(r))return this.ut=l,s;let b=this.ut??=[],w=[],J,V,x=0,S=r.length-1,k=0,C=s.length-1;for(;x<=S&&k<=C;)if(r[x]===null)x++;else if(r[S]===null)S--;else if(b[x]===l[k])w[k]=j(r[x],s[k]),x++,k++;else if(b[S]===l[C])w[C]=j(r[S],s[C]),S--,C--;else if(b[x]===l[C])w[C]=j(r[x],s[C]),te(n,w[C+1],r[x]),x++,C--;else if(b[S]===l[k])w[k]=j(r[S],s[k]),te(n,r[x],r[S]),S--,k++;else if(J===void 0&&(J=Tt(l,k,C),V=Tt(b,x,S)),J.has(b[x]))if(J.has(b[S])){let N=V.get(l[k]),Je=N!==void 0?r[N]:null;if(Je===null){let st=te(n,r[x]);j(st,s[k]),w[k]=st}else w[k]=j(Je,s[k]),te(n,r[x],Je),r[N]=null;k++}else $e(r[S]),S--;else $e(r[x]),x++;for(;k<=C;){let N=te(n,w[C+1]);j(N,s[k]),w[k++]=N}for(;x<=S;){let N=r[x++];N!==null&&$e(N)}return this.ut=l,vt(n,w),lt}});var M=class{#e=new Set;subscribe(t){return this.#e.add(t),()=>this.#e.delete(t)}changed(){for(let t of[...this.#e])t()}},T=class{#e;#t;#i;#n;constructor(t,e){this.#e=t,this.#t=e,t.addController(this)}hostConnected(){this.#r()}hostUpdate(){this.#r()}hostDisconnected(){this.#n?.(),this.#n=this.#i=void 0}#r(){let t=this.#t();t!==this.#i&&(this.#n?.(),this.#i=t,this.#n=t?.subscribe(()=>this.#e.requestUpdate()))}};var ni=6;function Se(n,t){return o`<span class="avatar tone-${oi(t)}" aria-hidden="true">${ri(n)}</span>`}function ri(n){let t=n.trim().split(/\s+/).filter(i=>i!=="");return(t.length>1?[t[0],t.at(-1)]:[t[0]]).map(i=>[...i??"?"][0]?.toUpperCase()??"?").join("")}function oi(n){let t=0;for(let e of n.split("-")[0]??"")t=(t*31+e.codePointAt(0))%997;return t%ni}var ie=u`
  .avatar {
    display: inline-grid; place-content: center; flex: none; width: 2rem; height: 2rem; border-radius: 50%; font-size: var(--text-xs); font-weight: 650;
    letter-spacing: 0.01em; background: var(--tone); color: #fff;
  }
  .tone-0 { --tone: #3c5a4c; }
  .tone-1 { --tone: #4a5470; }
  .tone-2 { --tone: #6d4f3f; }
  .tone-3 { --tone: #2f5f68; }
  .tone-4 { --tone: #6a4358; }
  .tone-5 { --tone: #5c5a32; }
`;var si=12e4,$t={interrupted:"interrupted",failed:"not finished",sending:"sending…",waiting:"waiting for the agent",unsent:"not sent"},ai=new Intl.DateTimeFormat(void 0,{hour:"2-digit",minute:"2-digit"}),li=new Intl.DateTimeFormat(void 0,{weekday:"long",day:"numeric",month:"long"});function Ae(n,t,e){let i=t===void 0||t.at.toDateString()!==n.at.toDateString(),r=!i&&t.role===n.role&&t.name===n.name&&n.at.getTime()-t.at.getTime()<si;return o`
    ${i?o`<li class="day"><span>${li.format(n.at)}</span></li>`:m}
    <li class="entry ${n.role} ${n.state} ${r?"follows":""}">
      ${r?m:o`
        ${n.role==="agent"?o`<span class="avatar spark" aria-hidden="true">${h("agent",17)}</span>`:Se(n.name,n.identity)}
        <div class="by"><b>${n.name}</b><time datetime=${n.at.toISOString()}>${ai.format(n.at)}</time>${di(n)}</div>`}
      <p class="text">${n.text}${n.state==="live"?o`<span class="caret"></span>`:m}</p>
      ${$t[n.state]?o`<p class="state">${$t[n.state]}${n.state==="unsent"&&e?o` · <button @click=${()=>e(n)}>try again</button>`:m}</p>`:m}
    </li>
  `}function di(n){if(n.role==="agent")return o`${m}`;let t=n.channel==="voice";return o`<span class="channel" title=${t?"spoken":"typed"}>${h(t?"mic":"thread",13)}<span class="visually-hidden">${t?"spoken":"typed"}</span></span>`}var Re=u`
  .entry { display: grid; grid-template-columns: 2rem minmax(0, 1fr); gap: 0.1rem 0.7rem; padding-top: 0.95rem; }
  .entry.follows { padding-top: 0.3rem; }
  .entry > .avatar { grid-row: 1 / span 2; margin-top: 0.1rem; }
  .entry > :not(.avatar) { grid-column: 2; }
  .spark { --tone: var(--accent-soft); color: var(--accent); }
  .by { display: flex; align-items: baseline; gap: 0.45rem; font-size: var(--text-s); min-width: 0; }
  .by b { font-weight: 620; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .agent .by b { color: var(--accent); }
  .by time { color: var(--ink-3); font-size: var(--text-xs); font-variant-numeric: tabular-nums; }
  .channel { color: var(--ink-3); align-self: center; display: inline-flex; }
  .text { white-space: pre-wrap; overflow-wrap: anywhere; line-height: 1.5; }
  .sending .text, .waiting .text, .unsent .text { color: var(--ink-2); }
  .entry .state { font-size: var(--text-xs); color: var(--ink-3); }
  .unsent .state { color: var(--danger); }
  .state button { border: 0; padding: 0; background: none; color: inherit; font: inherit; text-decoration: underline; cursor: pointer; }
  .caret { display: inline-block; width: 0.5em; height: 1em; margin-left: 0.15em; vertical-align: -0.12em; border-radius: 2px; background: var(--accent); animation: blink 1s steps(2) infinite; }
  .day { display: flex; align-items: center; gap: 0.75rem; padding-top: 1rem; color: var(--ink-3); font-size: var(--text-xs); }
  .day::before, .day::after { content: ""; flex: 1; border-top: 1px solid var(--line); }
  @keyframes blink { 50% { opacity: 0; } }
`;var Ce,Pe,z=class extends g{constructor(){super();this.room="";this.copied=!1;c(this,Ce,async()=>{this.copied=await be(Et(this.thread.entries)),setTimeout(()=>this.copied=!1,2e3)});c(this,Pe,()=>{pt(new Blob([Et(this.thread.entries)],{type:"text/plain"}),`${this.room}-transcript.txt`)});new T(this,()=>this.thread)}render(){let{entries:e}=this.thread;return o`<parley-dialog heading="Transcript" wide @closed=${()=>this.dispatchEvent(new CustomEvent("closed"))}>
      <div class="tools">
        <p>${this.room} · ${e.length} ${e.length===1?"turn":"turns"}</p>
        <button class="button" ?disabled=${e.length===0} @click=${d(this,Ce)}>${h(this.copied?"check":"copy",18)}${this.copied?"Copied":"Copy"}</button>
        <button class="button" ?disabled=${e.length===0} @click=${d(this,Pe)}>${h("download",18)}Save as text</button>
      </div>
      ${e.length===0?o`<p class="none">Nothing was said yet.</p>`:o`<ol>
        ${q(e,i=>i.id,(i,r)=>Ae(i,e[r-1]))}
      </ol>`}
    </parley-dialog>`}};Ce=new WeakMap,Pe=new WeakMap,z.styles=[v,E,ie,Re,u`
      .tools { display: flex; flex-wrap: wrap; align-items: center; gap: 0.5rem; }
      .tools p { flex: 1; font-size: var(--text-s); color: var(--ink-2); }
      .none { padding: 2rem 0 1rem; text-align: center; color: var(--ink-2); }
    `],a([f({attribute:!1})],z.prototype,"thread",2),a([f()],z.prototype,"room",2),a([$()],z.prototype,"copied",2),z=a([y("parley-transcript")],z);function Et(n){return n.map(t=>`[${t.at.toLocaleString()}] ${t.name}: ${t.text}
`).join("")}function At(n,t){let e=Ve(n,t),i=n.filter(r=>r.text!=="").map(r=>ci(r,t));for(let r of e){let s=i.findLastIndex(l=>l.at.getTime()<=r.at.getTime());i.splice(s+1,0,r)}return i}function Ve(n,t){let e=new Map(n.map(i=>[i,Ze(i.text)]));return t.filter(i=>{for(let[r,s]of e){let l=Rt(r,s,i);if(l!==null)return l===""?e.delete(r):e.set(r,l),!1}return!0})}function Rt(n,t,e){if(n.role!==e.role||Math.abs(Date.parse(n.at)-e.at.getTime())>9e4||e.role==="user"&&St(n.speaker.identity)!==St(e.identity))return null;let i=Ze(e.text);return t===""||i===""?null:t.startsWith(i)?t.slice(i.length).trim():i.startsWith(t)?"":null}function ci(n,t){let{identity:e,name:i}=n.speaker,r={id:`turn-${n.seq}`,role:n.role,identity:e,name:i,channel:n.channel,text:n.text,state:n.state==="streaming"?"complete":n.state,at:new Date(n.at)};if(n.state!=="streaming")return r;let s=t.find(l=>Rt(n,Ze(n.text),l)==="");return s===void 0?r:{...r,text:s.text,state:s.state}}function St(n){return n.replace(/^((?:user|guest)_[0-9a-f]{32})-[a-z0-9]{1,16}$/,"$1")}function Ze(n){return n.replace(/\s+/g," ").replace(/\s*…\s*$/,"").trim()}var mi=1e3,ne=class extends M{constructor(e){super();this.#t=[];this.#i=[];this.isLoaded=!1;this.hasFailed=!1;this.#e=e}#e;#t;#i;#n;#r;get entries(){return this.#n??=At(this.#t,this.#i),this.#n}get newestTyped(){return this.#i.findLast(e=>e.channel==="text")}async load(){try{this.#t=await Ee(this.#e),this.isLoaded=!0,this.hasFailed=!1;let e=s=>["live","sending","waiting"].includes(s.state),i=Ve(this.#t,this.#i),r=this.#t.some(s=>s.state==="streaming");this.#i=this.#i.filter(s=>r||e(s)||i.includes(s))}catch{this.hasFailed=!0}this.#s()}loadSoon(){clearTimeout(this.#r),this.#r=setTimeout(()=>{this.load()},mi)}stop(){clearTimeout(this.#r)}hear(e){!e.isAgent&&!e.isFinal||this.#o({id:e.id,role:e.isAgent?"agent":"user",identity:e.identity,name:e.name,channel:"voice",text:e.text,state:e.isFinal?"complete":"live",at:e.startedAt})}type(e,i,r,s,l){let b=this.#i.find(w=>w.id===e)?.at??new Date;this.#o({id:e,role:"user",identity:i,name:r,channel:"text",text:s,state:l,at:b})}#o(e){let i=this.#i.findIndex(r=>r.id===e.id);this.#i=i<0?[...this.#i,e]:this.#i.with(i,e),this.#s()}#s(){this.#n=void 0,this.changed()}};var Me=class extends M{constructor(){super(...arguments);this.state="opening";this.devices=[];this.deviceId=ke("microphone")??void 0;this.#n=!1;this.#r=new Float32Array(1024);this.#o=()=>{this.#c()}}#e;#t;#i;#n;#r;#o;async prepare(){if(!window.isSecureContext||navigator.mediaDevices===void 0)return this.#l("insecure");navigator.mediaDevices.addEventListener("devicechange",this.#o);let e=await pi();if(e?.addEventListener("change",()=>{this.#p(e.state)}),e?.state==="granted")return this.open();this.#l(e?.state==="denied"?"denied":"unknown")}async open(e=this.deviceId){this.#l("opening");try{await this.#s(e),this.deviceId=e,e!==void 0&&xe("microphone",e),await this.#c(),this.#l("open")}catch(i){let r=i instanceof DOMException?i.name:"";this.#l(r==="NotAllowedError"?"denied":"missing")}}level(){if(this.#i===void 0)return 0;this.#i.getFloatTimeDomainData(this.#r);let e=0;for(let r of this.#r)e+=r*r;let i=10*Math.log10(e/this.#r.length+1e-10);return Math.min(1,Math.max(0,(i+60)/50))}close(){this.#n=!0,navigator.mediaDevices?.removeEventListener("devicechange",this.#o),this.#a()}async#s(e){this.#a();let i=e===void 0?{}:{deviceId:{ideal:e}};if(this.#e=await navigator.mediaDevices.getUserMedia({audio:i}),this.#n)return this.#a();if(this.#t=new AudioContext,this.#i=this.#t.createAnalyser(),this.#i.fftSize=this.#r.length,this.#t.createMediaStreamSource(this.#e).connect(this.#i),this.#t.state==="suspended"){let r=()=>{this.#t?.resume()};window.addEventListener("pointerdown",r,{once:!0}),window.addEventListener("keydown",r,{once:!0})}}#a(){for(let e of this.#e?.getTracks()??[])e.stop();this.#t?.close(),this.#e=this.#t=this.#i=void 0}async#c(){let e=await navigator.mediaDevices.enumerateDevices();this.devices=e.filter(i=>i.kind==="audioinput"&&i.deviceId!==""),this.deviceId!==void 0&&!this.devices.some(i=>i.deviceId===this.deviceId)&&(this.deviceId=void 0),this.changed()}async#p(e){e==="granted"&&this.state!=="open"&&this.state!=="opening"&&await this.open(),e==="denied"&&(this.#a(),this.#l("denied"))}#l(e){this.state=e,this.changed()}};async function pi(){try{return await navigator.permissions.query({name:"microphone"})}catch{return}}function Le(n){return n?.profile?.startsWith("local")??!1}var Ct="Local profile: hears English, reads the screen, answers only by quoting documents; it does not reason.",Oe=u`
  .mark {
    display: inline-block; padding: 0.05rem 0.5rem; border-radius: 99px; background: var(--accent-soft); color: var(--accent);
    font-size: var(--text-xs); font-weight: 600; white-space: nowrap;
  }
`;var pe,re,U=class extends g{constructor(){super(...arguments);c(this,pe,0);c(this,re,0)}render(){return o`<div class="track" role="img" aria-label="Microphone level"><div class="fill"></div></div>`}firstUpdated(){let e=()=>{let i=this.microphone?.level()??0;K(this,re,Math.max(i,d(this,re)-.03)),this.fill.style.setProperty("--shown",`${(d(this,re)*100).toFixed(1)}%`),K(this,pe,requestAnimationFrame(e))};e()}disconnectedCallback(){super.disconnectedCallback(),cancelAnimationFrame(d(this,pe))}};pe=new WeakMap,re=new WeakMap,U.styles=[v,u`
      :host { display: block; }
      .track { position: relative; height: 0.75rem; }
      .track, .fill { border-radius: 3px; mask: repeating-linear-gradient(90deg, #000 0 6px, transparent 6px 9px); }
      .track { background: var(--line); }
      .fill { position: absolute; inset: 0; background: linear-gradient(90deg, var(--glow-1), var(--glow-2)); clip-path: inset(0 calc(100% - var(--shown, 0%)) 0 0); }
    `],a([f({attribute:!1})],U.prototype,"microphone",2),a([R(".fill")],U.prototype,"fill",2),U=a([y("parley-meter")],U);var D,Pt,se,De,oe=class extends g{constructor(){super();c(this,D);c(this,De,e=>{this.microphone.open(e.target.value)});new T(this,()=>this.microphone)}render(){switch(this.microphone.state){case"open":return p(this,D,Pt).call(this);case"opening":return p(this,D,se).call(this,"mic","Opening your microphone…","If your browser asks, choose Allow.");case"unknown":return p(this,D,se).call(this,"mic","Let Parley hear you","Your browser will ask for the microphone. You stay in charge: mute it whenever you like.","Allow microphone");case"denied":return p(this,D,se).call(this,"mic-off","The microphone is blocked",`${hi()} You can also join now and type.`,"Check again");case"missing":return p(this,D,se).call(this,"mic-off","No microphone was found","Plug one in, or close the program that holds it. You can also join now and type.","Look again");case"insecure":return p(this,D,se).call(this,"shield","No microphone on this address","Browsers give the microphone only to https pages and to localhost. Open this page there, or join now and type.")}}};D=new WeakSet,Pt=function(){let{devices:e,deviceId:i}=this.microphone;return o`<div class="open">
      ${F({id:"device",label:"Microphone"},o`
        <select id="device" @change=${d(this,De)}>
          ${e.map((r,s)=>o`
            <option value=${r.deviceId} ?selected=${r.deviceId===i}>${r.label||`Microphone ${s+1}`}</option>`)}
        </select>`)}
      <parley-meter .microphone=${this.microphone}></parley-meter>
    </div>`},se=function(e,i,r,s){return o`<div class="help" role="status">
      ${h(e)}<h3>${i}</h3><p>${r}</p>
      ${s?o`<button class="button" @click=${()=>this.microphone.open()}>${s}</button>`:""}
    </div>`},De=new WeakMap,oe.styles=[v,E,ee,u`
      .help { display: grid; grid-template-columns: auto 1fr; gap: 0.3rem 0.8rem; padding: 1rem; border-radius: var(--radius-m); background: var(--sunken); }
      .help > svg { color: var(--ink-2); margin-top: 0.1rem; }
      .help h3 { font-size: var(--text-m); }
      .help p, .help .button { grid-column: 2; }
      .help p { font-size: var(--text-s); color: var(--ink-2); line-height: 1.5; }
      .help .button { justify-self: start; margin-top: 0.45rem; }
      .open { display: grid; gap: 0.9rem; }
    `],a([f({attribute:!1})],oe.prototype,"microphone",2),oe=a([y("parley-sound")],oe);function hi(){return/firefox/i.test(navigator.userAgent)?"Click the microphone symbol left of the address, remove the block and reload.":/safari/i.test(navigator.userAgent)&&!/chrom/i.test(navigator.userAgent)?"Open Safari's menu, choose Settings for this website, and allow the microphone.":"Click the symbol left of the address, switch the microphone on for this site, then check again."}var W,_,Mt,Lt,Ot,Dt,_e,Ie,P=class extends g{constructor(){super(...arguments);c(this,_);this.deployment=null;this.room="";this.roomTrouble="";this.history=null;this.showsHistory=!1;c(this,W,new Me);c(this,_e,e=>{e.preventDefault();let i=this.nameInput.value.trim(),r=this.roomInput.value.trim();if(!ut(r)){this.roomTrouble="Letters, digits, dot, dash and underscore, beginning with a letter or digit.";return}if(i==="")return;this.session.kind==="member"&&xe("name",i);let{state:s,deviceId:l}=d(this,W),w={room:r,name:i,withMicrophone:s==="open"||s==="opening",deviceId:l};this.dispatchEvent(new CustomEvent("join",{detail:w}))});c(this,Ie,async()=>{await at().catch(()=>{}),ht(this)})}connectedCallback(){super.connectedCallback(),d(this,W).prepare(),p(this,_,Dt).call(this)}disconnectedCallback(){super.disconnectedCallback(),d(this,W).close()}firstUpdated(){we(this)}render(){let e=this.session.kind==="guest",i=p(this,_,Mt).call(this,e);return o`${e?o`<parley-frame><button slot="end" class="button quiet" @click=${d(this,Ie)}>Leave as a guest</button>${i}</parley-frame>`:o`<parley-shell .session=${this.session} place="rooms" centred>${i}</parley-shell>`}
    ${this.showsHistory&&this.history?o`<parley-transcript .thread=${this.history} .room=${this.room} @closed=${()=>this.showsHistory=!1}></parley-transcript>`:m}`}};W=new WeakMap,_=new WeakSet,Mt=function(e){return o`<div class="welcome">
        <div class="intro">
          <p class="where">${this.session.tenant.name}${e?" · as a guest":""}</p>
          <h1 id="title">Ready to join?</h1>
          ${p(this,_,Ot).call(this)}
          ${this.history?o`<button class="button look-back" @click=${()=>this.showsHistory=!0}>${h("transcript",18)}What was said here</button>`:m}
        </div>
        <section class="card" aria-labelledby="title">${p(this,_,Lt).call(this,e)}</section>
      </div>`},Lt=function(e){return o`<form class="stack" @submit=${d(this,_e)}>
      <div class="pair">
        ${F({id:"name",label:"Your name"},o`
          <input id="name" autocomplete="name" maxlength="60" required ?readonly=${e}
            .value=${e?this.session.name:ke("name")??this.session.name}>`)}
        ${F({id:"room",label:"Room",error:this.roomTrouble||void 0},o`
          <input id="room" autocomplete="off" autocapitalize="off" spellcheck="false" maxlength="64" required ?readonly=${e}
            .value=${this.room} aria-describedby="room-note" @input=${()=>this.roomTrouble=""}>`)}
      </div>
      <parley-sound .microphone=${d(this,W)}></parley-sound>
      <button class="button primary large wide" autofocus>Join</button>
    </form>`},Ot=function(){return o`<ul class="notice">
      <li>${h("agent")}<p>An AI teammate, Parley, listens and transcribes. Everyone in the room can read what is said, typed and shown.</p></li>
      ${Le(this.deployment)?o`<li>${h("shield")}<p><span class="mark">Local profile</span> It hears English, reads the screen, answers only by quoting documents; it does not reason.</p></li>`:m}
    </ul>`},Dt=async function(){if((await Ee(this.room).catch(()=>[])).length===0)return;let i=new ne(this.room);await i.load(),this.history=i},_e=new WeakMap,Ie=new WeakMap,P.styles=[v,E,ee,Te,Oe,u`
      .pair { display: grid; gap: 1.1rem; }
      @media (min-width: 21rem) { .pair { grid-template-columns: 1fr 1fr; gap: 0.8rem; } }
      .intro { display: grid; gap: 1.1rem; justify-items: start; width: 100%; max-width: 26rem; }
      .where { font-weight: 560; color: var(--ink-2); margin-bottom: -0.7rem; }
      .notice { display: grid; gap: 0.9rem; color: var(--ink-2); }
      .notice li { display: grid; grid-template-columns: auto 1fr; gap: 0.8rem; }
      .notice svg { color: var(--accent); margin-top: 0.1rem; }
      .welcome { gap: 1.5rem; }
      @media (max-width: 55.99rem) { .intro { gap: 0.9rem; } .notice { gap: 0.6rem; font-size: var(--text-s); } .where { margin-bottom: -0.5rem; } }
      @media (min-width: 56rem) {
        .welcome { grid-template-columns: 1fr 27rem; gap: clamp(2rem, 6vw, 6rem); }
        .card { max-width: none; }
        .intro { gap: 1.5rem; }
        .intro h1 { font-size: clamp(2.25rem, 1rem + 2.8vw, 3.1rem); line-height: 1.06; letter-spacing: -0.035em; }
      }
    `],a([f({attribute:!1})],P.prototype,"session",2),a([f({attribute:!1})],P.prototype,"deployment",2),a([f()],P.prototype,"room",2),a([$()],P.prototype,"roomTrouble",2),a([$()],P.prototype,"history",2),a([$()],P.prototype,"showsHistory",2),a([R("#name")],P.prototype,"nameInput",2),a([R("#room")],P.prototype,"roomInput",2),P=a([y("parley-lobby")],P);var ui={left:["You left the meeting","Parley leaves too, once nobody is in the room."],elsewhere:["You joined from another tab","This tab was disconnected, so that you are in the room once."],removed:["You were removed from the meeting","Someone with the right to do so ended your part in it."],closed:["The meeting was closed","The room is no longer open."],lost:["The connection was lost","The meeting could not be reached again. Check your network, then rejoin."]},Y=class extends g{constructor(){super(...arguments);this.showsTranscript=!1}connectedCallback(){super.connectedCallback(),this.call.thread.load()}firstUpdated(){we(this)}render(){let[e,i]=ui[this.call.ending??"left"];return o`<parley-frame>
      <section class="card" aria-labelledby="title">
        <header><h1 id="title">${e}</h1><p class="muted">${i}</p></header>
        <div class="actions">
          <button class="button primary large wide" autofocus @click=${()=>this.dispatchEvent(new CustomEvent("rejoin"))}>Rejoin “${this.call.options.roomName}”</button>
          <button class="button large wide" @click=${()=>this.showsTranscript=!0}>${h("transcript",18)}Read the transcript</button>
          <button class="button quiet wide" @click=${()=>this.dispatchEvent(new CustomEvent("lobby"))}>Back to the lobby</button>
        </div>
      </section>
    </parley-frame>
    ${this.showsTranscript?o`<parley-transcript .thread=${this.call.thread} .room=${this.call.options.roomName}
      @closed=${()=>this.showsTranscript=!1}></parley-transcript>`:m}`}};Y.styles=[v,E,Te,u`
      .card { text-align: center; }
      .card header { justify-items: center; }
      .actions { display: grid; gap: 0.6rem; }
    `],a([f({attribute:!1})],Y.prototype,"call",2),a([$()],Y.prototype,"showsTranscript",2),Y=a([y("parley-left")],Y);var fi="mediaDevices"in navigator&&"getDisplayMedia"in navigator.mediaDevices,A,_t,It,Nt,G,B=class extends g{constructor(){super();c(this,A);this.threadShown=!1;new T(this,()=>this.call)}render(){return o`<div class="bar" role="toolbar" aria-label="Meeting controls">
      ${p(this,A,_t).call(this)} ${fi?p(this,A,It).call(this):m} ${p(this,A,Nt).call(this)}
      <span class="gap"></span>
      ${p(this,A,G).call(this,{symbol:"thread",label:"Thread",look:this.threadShown?"on":"plain",pressed:this.threadShown,press:()=>this.dispatchEvent(new CustomEvent("thread"))},!1)}
      <button class="control leave" @click=${()=>this.call.leave()}>${h("leave")}<span>Leave</span></button>
    </div>`}};A=new WeakSet,_t=function(){let e=this.call.microphone==="on",i=e?"Mute":this.call.microphone==="unavailable"?"No mic":"Unmute";return p(this,A,G).call(this,{symbol:e?"mic":"mic-off",label:i,look:e?"plain":"off",pressed:e,hint:"Microphone (M; hold M to talk)",press:()=>{this.call.setMicrophone(!e)}})},It=function(){let{call:e}=this;if(e.share==="none")return p(this,A,G).call(this,{symbol:"screen",label:"Share",hint:"Share your screen: the agent sees one frame a second",press:()=>{e.startShare()}});let i=e.share==="paused";return o`
      ${p(this,A,G).call(this,{symbol:i?"play":"pause",label:i?"Resume":"Pause",look:"on",hint:i?"Show your screen again":"Nobody sees your screen while it is paused",press:()=>{e.pauseShare(!i)}})}
      ${p(this,A,G).call(this,{symbol:"stop",label:"Stop",hint:"Stop sharing your screen",press:()=>{e.stopShare()}})}
    `},Nt=function(){let e=this.call.agent?.isMuted??!1;return p(this,A,G).call(this,{symbol:e?"agent-off":"agent",label:e?"Unmute AI":"Mute AI",look:e?"off":"plain",pressed:e,hint:e?"Let the agent answer again":"The agent keeps listening and stays silent",press:()=>{this.call.muteAgent(!e)}},this.call.agent===null||this.call.connection!=="connected")},G=function(e,i=this.call.connection!=="connected"){return o`<button class="control ${e.look??"plain"}" title=${e.hint??m} ?disabled=${i}
      aria-pressed=${e.pressed===void 0?m:String(e.pressed)} @click=${e.press}>
      ${h(e.symbol)}<span>${e.label}</span>
    </button>`},B.styles=[v,E,u`
      :host { display: flex; justify-content: center; padding: 0.65rem 0.5rem calc(0.65rem + env(safe-area-inset-bottom)); }
      .bar { display: flex; align-items: stretch; justify-content: center; gap: 0.3rem; }
      .control {
        display: grid; justify-items: center; align-content: center; gap: 0.25rem; min-width: 4.1rem; min-height: 3.5rem; padding: 0.4rem 0.5rem; border: 1px solid transparent;
        border-radius: var(--radius-m); background: transparent; color: var(--ink-2); font: 520 var(--text-xs)/1.1 var(--font); cursor: pointer;
        transition: background 120ms, color 120ms; -webkit-tap-highlight-color: transparent;
      }
      .control:hover { background: color-mix(in srgb, var(--ink) 7%, transparent); color: var(--ink); }
      .control[disabled] { opacity: 0.45; cursor: default; }
      .control.on { background: var(--accent-soft); color: var(--accent); }
      .control.off { color: var(--danger); background: var(--danger-soft); }
      .control.leave { background: var(--danger-solid); color: #fff; }
      .control.leave:hover { background: var(--danger-solid-hover); }
      .gap { width: 1px; margin: 0.5rem 0.35rem; background: var(--line); }
      @media (max-width: 30rem) {
        .bar { gap: 0.15rem; width: 100%; }
        .control { min-width: 0; flex: 1; padding: 0.4rem 0; font-size: 0.6875rem; white-space: nowrap; }
        .gap { display: none; }
      }
    `],a([f({attribute:!1})],B.prototype,"call",2),a([f({type:Boolean})],B.prototype,"threadShown",2),B=a([y("parley-controls")],B);var Ne,Kt,he,Ke,I=class extends g{constructor(){super(...arguments);c(this,Ne);this.room="";this.link=null;this.trouble="";this.copied=!1;c(this,he,async()=>{this.trouble="";try{this.link=await wt(this.room)}catch(e){this.trouble=e instanceof Z?e.message:"The link could not be made."}});c(this,Ke,async()=>{this.copied=await be(this.link?.url??""),this.copied?setTimeout(()=>this.copied=!1,2e3):this.input.select()})}connectedCallback(){super.connectedCallback(),d(this,he).call(this)}render(){return o`<parley-dialog heading="Invite someone" @closed=${()=>this.dispatchEvent(new CustomEvent("closed"))}>
      <div class="stack">
        <p class="muted">Whoever has this link can join “${this.room}” with a name, without an account, and sees what is said from then on.</p>
        ${this.trouble?o`<parley-banner tone="error">${this.trouble}<button slot="action" class="button" @click=${d(this,he)}>Try again</button></parley-banner>`:p(this,Ne,Kt).call(this)}
      </div>
    </parley-dialog>`}};Ne=new WeakSet,Kt=function(){let e=this.link===null?"":new Date(this.link.expires_at).toLocaleString(void 0,{dateStyle:"medium",timeStyle:"short"});return o`<div class="row">
      ${F({id:"link",label:"Guest link"},o`
        <input id="link" readonly .value=${this.link?.url??"Making a link…"} @focus=${()=>this.input.select()}>`)}
      <button class="button primary" ?disabled=${this.link===null} @click=${d(this,Ke)}>${h(this.copied?"check":"copy",18)}${this.copied?"Copied":"Copy"}</button>
    </div>
    <p class="small muted" role="status">${this.link?`Good until ${e}.`:" "}</p>`},he=new WeakMap,Ke=new WeakMap,I.styles=[v,E,ee,u`
      .stack { display: grid; gap: 1.1rem; }
      .row { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 0.5rem; align-items: end; }
      .row .button { min-height: 2.75rem; min-width: 6.5rem; }
    `],a([f()],I.prototype,"room",2),a([$()],I.prototype,"link",2),a([$()],I.prototype,"trouble",2),a([$()],I.prototype,"copied",2),a([R("#link")],I.prototype,"input",2),I=a([y("parley-invite")],I);var jt=u`
  :host { display: block; }
  .meeting {
    display: grid; height: 100svh; overflow: hidden; background: var(--bg);
    grid-template: "header" auto "banners" auto "stage" minmax(13rem, 1fr) "controls" auto / minmax(0, 1fr);
  }
  .meeting.with-thread { grid-template: "header" auto "banners" auto "stage" minmax(12rem, 34svh) "thread" minmax(0, 1fr) "controls" auto / minmax(0, 1fr); }
  .meeting.with-thread.with-screen { grid-template-rows: auto auto minmax(15rem, 46svh) minmax(0, 1fr) auto; }
  header { grid-area: header; display: flex; align-items: center; gap: 0.75rem; padding: 0.5rem 0.75rem; min-width: 0; }
  .room { display: flex; align-items: center; gap: 0.6rem; min-width: 0; flex: 1; padding-left: 0.75rem; border-left: 1px solid var(--line); }
  .room h1 { font-size: var(--text-m); font-weight: 560; letter-spacing: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .actions { display: flex; align-items: center; gap: 0.15rem; }
  .actions .button { padding: 0 0.6rem; }
  .actions .button span { display: none; }
  .banners { grid-area: banners; display: grid; gap: 0.5rem; padding: 0 0.75rem; }
  .banners:has(parley-banner) { padding-bottom: 0.5rem; }
  parley-stage { grid-area: stage; min-height: 0; margin: 0 0.75rem; }
  parley-thread { grid-area: thread; min-height: 0; margin: 0.75rem 0.75rem 0; }
  parley-controls { grid-area: controls; }
  @media (max-width: 30rem) { .mark { display: none; } }
  @media (min-width: 56rem) {
    .meeting { grid-template: "header header" auto "banners banners" auto "stage stage" minmax(0, 1fr) "controls controls" auto / minmax(0, 1fr) auto; }
    .meeting.with-thread {
      grid-template: "header header" auto "banners banners" auto "stage thread" minmax(0, 1fr) "controls controls" auto / minmax(0, 1fr) clamp(21rem, 30vw, 27rem);
    }
    .meeting.with-thread.with-screen { grid-template-rows: auto auto minmax(0, 1fr) auto; }
    header { padding: 0.65rem 1rem; }
    .actions .button span { display: inline; }
    .banners { padding: 0 1rem; }
    parley-stage { margin: 0 0 0 1rem; }
    .meeting:not(.with-thread) parley-stage { margin-right: 1rem; }
    parley-thread { margin: 0 1rem; }
  }
`;var je=class{#e;#t=null;#i=!1;constructor(t){this.#e=t}listen(){window.addEventListener("keydown",this.#n),window.addEventListener("keyup",this.#r),window.addEventListener("blur",this.#o)}stop(){window.removeEventListener("keydown",this.#n),window.removeEventListener("keyup",this.#r),window.removeEventListener("blur",this.#o)}#n=t=>{t.code!=="KeyM"||t.repeat||t.ctrlKey||t.metaKey||t.altKey||gi(t)||this.#e().connection==="connected"&&(this.#t=t.timeStamp,this.#i=this.#e().microphone==="on",this.#e().setMicrophone(!this.#i))};#r=t=>{if(t.code!=="KeyM"||this.#t===null)return;let e=t.timeStamp-this.#t>350;this.#t=null,e&&!this.#i&&this.#e().setMicrophone(!1)};#o=()=>{this.#t!==null&&!this.#i&&this.#e().setMicrophone(!1),this.#t=null}};function gi(n){let t=n.composedPath()[0];return t instanceof HTMLElement&&(t.matches("input, textarea, select")||t.isContentEditable)}function et(n){if(n.connection==="connecting")return"Connecting you to the room…";if(n.connection==="failed")return"Not connected";if(n.connection==="reconnecting")return"Waiting for the connection…";let t=n.agent;if(t===null)return yi(n);if(t.isMuted)return"Muted: it listens and stays silent";if(!t.hasAudio)return"The agent joined, waiting for its audio";switch(t.state){case"initializing":return"Getting ready";case"thinking":return"Thinking";case"speaking":return"Speaking";case"idle":case"listening":return"Listening"}}function zt(n){return n.connection!=="connected"||n.agent?.hasAudio!==!0}function Ht(n){let t=n.agent;return n.connection==="failed"?"absent":n.connection!=="connected"||t===null?n.presence.state==="no_worker"?"absent":"waiting":t.isMuted?"muted":!t.hasAudio||t.state==="initializing"?"waiting":t.state==="idle"?"listening":t.state}function yi(n){switch(n.presence.state){case"no_worker":return"No worker is registered. The agent comes as soon as one is.";case"dispatched":return"Dispatched, waiting for the agent";case"joined":return"The agent joined, waiting for its audio";case"idle":return"Calling the agent…";case"unknown":return"Looking for the agent…"}}var vi=150,ze,Ft,ae=class extends g{constructor(){super();c(this,ze);new T(this,()=>this.call.captions)}render(){let{shown:e}=this.call.captions;return o`
      <div class="lines" aria-hidden="true">
        ${q(e,i=>i.id,i=>p(this,ze,Ft).call(this,i))}
      </div>
      <div class="visually-hidden" role="log" aria-live="polite" aria-label="Captions">
        ${q(e.filter(i=>i.isFinal),i=>i.id,i=>o`<p>${i.name}: ${i.text}</p>`)}
      </div>
    `}};ze=new WeakSet,Ft=function(e){let i=e.text.length>vi,r=`${e.isAgent?"agent":"person"} ${e.isFinal?"":"guess"} ${i?"long":""}`;return o`<p class="line ${r}">
      <span class="who">${e.name}${e.isFinal||e.isAgent?m:" …"}</span>
      <span class="words">${e.text}</span>
    </p>`},ae.styles=[v,u`
      :host { display: block; padding: 0.25rem clamp(0.75rem, 4cqw, 2.5rem) 0.25rem; }
      .lines { display: grid; gap: 0.65rem; align-content: end; justify-items: center; height: var(--lines, 9.5rem); overflow: hidden; mask: linear-gradient(transparent, #000 1.25rem); }
      .line { max-width: 44rem; text-align: center; line-height: 1.38; animation: in 180ms ease-out; }
      .words {
        display: flex; flex-direction: column; justify-content: flex-end; max-height: 4.14em; overflow: hidden;
        font-size: clamp(1.0625rem, 0.95rem + 0.5vw, 1.375rem); letter-spacing: -0.008em; text-wrap: balance;
      }
      .long .words { font-size: clamp(1rem, 0.9rem + 0.3vw, 1.125rem); max-height: 5.52em; }
      .line:not(:last-child) .words { font-size: var(--text-m); max-height: 1.38em; color: var(--ink-2); }
      .who { display: block; font-size: var(--text-xs); font-weight: 620; color: var(--ink-3); }
      .agent .who { color: var(--accent); }
      .guess.person .words { color: var(--ink-2); }
      @keyframes in { from { opacity: 0; transform: translateY(6px); } }
      @container stage (max-height: 20rem) { .lines { height: var(--lines, 4.4rem); } .words { font-size: 1rem; max-height: 2.76em; } .line:not(:last-child) { display: none; } }
    `],a([f({attribute:!1})],ae.prototype,"call",2),ae=a([y("parley-captions")],ae);var He=class{#e;#t=null;#i;#n=0;constructor(t){this.#e=t}follow(t){t!==this.#t&&(this.#o(),this.#t=t,t!==null&&!matchMedia("(prefers-reduced-motion: reduce)").matches&&this.#r(t))}#r(t){let e=this.#i=new AudioContext,i=e.createAnalyser();i.fftSize=512;let r=new Float32Array(i.fftSize);e.createMediaStreamSource(new MediaStream([t])).connect(i);let s=0,l=()=>{i.getFloatTimeDomainData(r);let b=0;for(let w of r)b=Math.max(b,Math.abs(w));s=Math.max(Math.min(1,b*1.6),s*.88),this.#e(s<.01?0:s),this.#n=requestAnimationFrame(l)};l()}#o(){cancelAnimationFrame(this.#n),this.#i?.close(),this.#i=void 0,this.#t!==null&&this.#e(0)}};var qt={unknown:"connection unknown",good:"good connection",poor:"weak connection",lost:"connection lost"},le=class extends g{render(){let{person:t}=this;return o`<div class="tile ${t.isSpeaking?"speaking":""}">
      ${Se(t.name,t.identity)}
      <span class="name">${t.name}${t.isLocal?o` <span class="you">you</span>`:m}</span>
      ${t.isSharing?o`${h("screen",15)}<span class="visually-hidden">shares a screen</span>`:m}
      ${t.isMuted?o`${h("mic-off",15)}<span class="visually-hidden">microphone off</span>`:m}
      ${t.isSpeaking?o`<span class="visually-hidden">speaking</span>`:m}
      <span class="bars ${t.quality}" role="img" aria-label=${qt[t.quality]} title=${qt[t.quality]}><i></i><i></i><i></i></span>
    </div>`}};le.styles=[v,ie,u`
      .tile {
        display: flex; align-items: center; gap: 0.55rem; padding: 0.3rem 0.75rem 0.3rem 0.3rem; border: 1px solid var(--line); border-radius: 99px;
        background: var(--raised); font-size: var(--text-s); font-weight: 560; max-width: 16rem;
      }
      .avatar { transition: box-shadow 140ms; }
      .speaking .avatar { box-shadow: 0 0 0 2px var(--raised), 0 0 0 4.5px var(--accent); }
      .name { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
      .you { font-weight: 400; color: var(--ink-3); }
      svg { flex: none; color: var(--ink-3); }
      .bars { display: flex; align-items: flex-end; gap: 2px; height: 12px; flex: none; }
      .bars i { width: 3px; border-radius: 1px; background: var(--line-strong); height: 4px; opacity: 0.45; }
      .bars i:nth-child(2) { height: 8px; }
      .bars i:nth-child(3) { height: 12px; }
      .good i, .poor i:nth-child(1) { background: var(--accent); opacity: 1; }
      .poor i:nth-child(1), .lost i:nth-child(1) { background: var(--danger); opacity: 1; }
    `],a([f({attribute:!1})],le.prototype,"person",2),le=a([y("parley-person")],le);var de,Q=class extends g{constructor(){super(...arguments);c(this,de)}render(){let{screen:e}=this,i=e.isLocal?"You share your screen":`${e.name} shares a screen`;return o`<figure class=${e.isPaused?"paused":""}>
      <video muted autoplay playsinline aria-label=${i}></video>
      <figcaption>${h(e.isPaused?"pause":"screen",15)}${e.isPaused?`${i}, paused`:`${i} · the agent sees one frame a second`}</figcaption>
    </figure>`}updated(){d(this,de)!==this.screen.track&&(K(this,de,this.screen.track),this.video.srcObject=new MediaStream([d(this,de)]),this.video.muted=!0,this.video.play().catch(()=>{}))}};de=new WeakMap,Q.styles=[v,u`
      :host { display: grid; grid-template: minmax(0, 1fr) / minmax(0, 1fr); min-height: 0; }
      figure { position: relative; min-height: 0; border-radius: var(--radius-m); overflow: hidden; background: #070b09; }
      video { position: absolute; inset: 0; width: 100%; height: 100%; object-fit: contain; transition: opacity 200ms; }
      .paused video { opacity: 0.25; }
      figcaption {
        position: absolute; left: 0.6rem; bottom: 0.6rem; display: inline-flex; align-items: center; gap: 0.45rem; max-width: calc(100% - 1.2rem);
        padding: 0.3rem 0.65rem; border-radius: 99px; background: #0b110fd9; color: #e9f0eb; font-size: var(--text-xs); font-weight: 560;
      }
    `],a([f({attribute:!1})],Q.prototype,"screen",2),a([R("video")],Q.prototype,"video",2),Q=a([y("parley-screen")],Q);var ue,X=class extends g{constructor(){super();c(this,ue,new He(e=>this.orb.level=e));new T(this,()=>this.call),new T(this,()=>this.call.presence)}render(){let{call:e}=this,i=e.screen;return o`
      <div class="centre ${i?"with-screen":""}">
        <div class="scene">
          <div class="agent">
            <parley-orb state=${Ht(e)} aria-hidden="true"></parley-orb>
            <h2>${e.agent?.name??"Parley"}</h2>
            <p class="state" aria-live=${zt(e)?"polite":"off"}>
              ${e.agent?.isMuted?o`<span class="muted-note">${h("agent-off",16)}${et(e)}</span>`:et(e)}</p>
          </div>
          ${i?o`<parley-screen .screen=${i}></parley-screen>`:m}
        </div>
        <parley-captions .call=${e}></parley-captions>
      </div>
      <ul class="people" aria-label="People in the room">
        ${e.people.map(r=>o`<li><parley-person .person=${r}></parley-person></li>`)}
      </ul>
    `}updated(){d(this,ue).follow(this.call.agentTrack)}disconnectedCallback(){super.disconnectedCallback(),d(this,ue).follow(null)}};ue=new WeakMap,X.styles=[v,u`
      :host {
        display: grid; grid-template-rows: minmax(0, 1fr) auto; overflow: hidden; position: relative; border-radius: var(--radius-l);
        border: 1px solid var(--line); background: radial-gradient(ellipse 90% 80% at 50% 30%, color-mix(in srgb, var(--accent-soft) 55%, var(--surface)), var(--surface) 75%);
        container: stage / size;
      }
      .centre { display: grid; grid-template: minmax(0, 1fr) auto / minmax(0, 1fr); min-height: 0; }
      .scene { display: grid; place-items: center; min-height: 0; padding: 0.75rem 0.75rem 0; }
      .agent { display: grid; justify-items: center; gap: 0.75rem; text-align: center; }
      parley-orb { width: clamp(4.5rem, 32cqh, 13rem); }
      .agent h2 { font-size: var(--text-xl); }
      .agent p { color: var(--ink-2); min-height: 1.5em; }
      .people { display: flex; flex-wrap: wrap; justify-content: center; gap: 0.5rem; padding: 0.5rem 0.75rem 0.75rem; max-height: 7.5rem; overflow: auto; }
      .with-screen .scene { grid-template: auto minmax(0, 1fr) / minmax(0, 1fr); place-items: stretch; gap: 0.6rem; padding: 0.75rem; }
      .with-screen .agent { grid-template-columns: auto auto 1fr; align-items: center; justify-items: start; gap: 0 0.75rem; text-align: left; padding: 0 0.25rem; }
      .with-screen parley-orb { width: 2.75rem; }
      .with-screen h2 { font-size: var(--text-m); }
      .with-screen .agent p { font-size: var(--text-s); }
      .muted-note { display: inline-flex; align-items: center; gap: 0.35rem; }
      .with-screen parley-captions { --lines: 5.25rem; }
      @container stage (max-height: 24rem) {
        .people { flex-wrap: nowrap; justify-content: safe center; padding-top: 0.25rem; padding-bottom: 0.6rem; }
        .with-screen .scene { padding: 0.5rem 0.5rem 0; gap: 0.35rem; }
        .with-screen parley-captions { --lines: 3.6rem; }
        .with-screen .agent parley-orb { width: 2rem; grid-row: auto; }
      }
      @container stage (max-height: 20rem) {
        .scene { padding-top: 0.5rem; }
        .centre:not(.with-screen) .agent { grid-template-columns: auto auto; gap: 0 0.9rem; align-items: center; text-align: left; }
        .centre:not(.with-screen) parley-orb { grid-row: span 2; width: 4.5rem; }
        .centre:not(.with-screen) h2 { font-size: var(--text-l); align-self: end; justify-self: start; }
        .centre:not(.with-screen) .agent p { font-size: var(--text-s); align-self: start; justify-self: start; max-width: 15rem; }
      }
    `],a([f({attribute:!1})],X.prototype,"call",2),a([R("parley-orb")],X.prototype,"orb",2),X=a([y("parley-stage")],X);var bi=8e3,wi=80,ce,fe,L,Ut,Wt,tt,Fe,qe,Ue,it,H=class extends g{constructor(){super();c(this,L);c(this,ce,!0);c(this,fe,new ResizeObserver(()=>p(this,L,tt).call(this)));c(this,Fe,()=>{let{scrollHeight:e,scrollTop:i,clientHeight:r}=this.scroller;K(this,ce,e-i-r<wi)});c(this,qe,e=>{e.key!=="Enter"||e.shiftKey||e.isComposing||(e.preventDefault(),p(this,L,it).call(this))});c(this,Ue,e=>{e.preventDefault(),p(this,L,it).call(this)});new T(this,()=>this.call),new T(this,()=>this.call.thread)}render(){let{entries:e,hasFailed:i}=this.call.thread;return o`
      <div class="scroll" tabindex="0" role="log" aria-live="off" aria-label="What was said and typed" @scroll=${d(this,Fe)}>
        ${i?o`<parley-banner tone="caution">What was said before could not be loaded.
          <button slot="action" class="button" @click=${()=>this.call.thread.load()}>Try again</button></parley-banner>`:m}
        ${e.length===0?p(this,L,Ut).call(this):o`<ol>
          ${q(e,r=>r.id,(r,s)=>Ae(r,e[s-1],l=>this.call.say(l.text,l.id)))}
        </ol>`}
      </div>
      <p class="visually-hidden" aria-live="polite">${p(this,L,Wt).call(this)}</p>
      <form @submit=${d(this,Ue)}>
        <textarea rows="1" aria-label="Message" placeholder="Write a message" maxlength=${bi} @keydown=${d(this,qe)}></textarea>
        <button class="button primary round" aria-label="Send" title="Send (Enter)">${h("send")}</button>
      </form>
    `}updated(){p(this,L,tt).call(this)}firstUpdated(){d(this,fe).observe(this.scroller)}disconnectedCallback(){super.disconnectedCallback(),d(this,fe).disconnect()}};ce=new WeakMap,fe=new WeakMap,L=new WeakSet,Ut=function(){return this.call.connection==="failed"?o`<div class="empty"><p>What was said here shows once you are connected.</p></div>`:this.call.thread.isLoaded?o`<div class="empty">${h("thread",26)}<h2>Nothing said yet</h2>
      <p>What is spoken and typed in this room stands here, as one thread.</p></div>`:o`<div class="empty"><p>Looking for what was said before…</p></div>`},Wt=function(){let e=this.call.thread.newestTyped;return e===void 0||e.identity===this.call.identity?"":`${e.name} writes: ${e.text}`},tt=function(){d(this,ce)&&(this.scroller.scrollTop=this.scroller.scrollHeight)},Fe=new WeakMap,qe=new WeakMap,Ue=new WeakMap,it=function(){let e=this.box.value.trim();e!==""&&(this.box.value="",K(this,ce,!0),this.call.say(e))},H.styles=[v,E,ie,Re,u`
      :host { display: grid; grid-template-rows: minmax(0, 1fr) auto; border: 1px solid var(--line); border-radius: var(--radius-l); background: var(--surface); overflow: hidden; }
      .scroll { overflow-y: auto; overscroll-behavior: contain; padding: 0 1rem 1rem; }
      .empty { display: grid; place-content: center; justify-items: center; gap: 0.4rem; height: 100%; padding: 1.5rem; text-align: center; color: var(--ink-2); }
      .empty svg { color: var(--ink-3); }
      .empty h2 { color: var(--ink); font-size: var(--text-m); }
      .empty p { font-size: var(--text-s); max-width: 17rem; }
      form { display: flex; align-items: flex-end; gap: 0.4rem; margin: 0 0.65rem 0.65rem; padding: 0.3rem; border: 1px solid var(--line-strong); border-radius: 1.4rem; background: var(--raised); }
      form:focus-within { outline: var(--focus); outline-offset: 0; border-color: var(--accent); }
      textarea:focus-visible { outline: 0; }
      textarea { flex: 1; min-width: 0; max-height: 9rem; padding: 0.5rem 0.3rem 0.5rem 0.8rem; border: 0; outline: 0; resize: none; background: none; color: var(--ink); font: 400 1rem/1.4 var(--font); field-sizing: content; }
      textarea::placeholder { color: var(--ink-3); }
    `],a([f({attribute:!1})],H.prototype,"call",2),a([R(".scroll")],H.prototype,"scroller",2),a([R("textarea")],H.prototype,"box",2),H=a([y("parley-thread")],H);var ge,me,Yt,Bt,ye,ve,We,O=class extends g{constructor(){super();c(this,me);this.session=null;this.deployment=null;this.dialog="none";this.showsThread=!0;this.failure="";c(this,ge,new je(()=>this.call));c(this,ye,async()=>{this.failure="";try{await this.call.join()}catch(e){this.failure=e instanceof Z?e.message:"The media server does not answer, so nobody could hear you."}});c(this,ve,()=>{this.dialog="none"});c(this,We,()=>{this.dispatchEvent(new CustomEvent("lobby"))});new T(this,()=>this.call)}connectedCallback(){super.connectedCallback(),d(this,ge).listen(),d(this,ye).call(this)}disconnectedCallback(){super.disconnectedCallback(),d(this,ge).stop()}updated(){this.call.ending!==null&&this.dispatchEvent(new CustomEvent("ended"))}render(){return o`
      <div class="meeting ${this.showsThread?"with-thread":""} ${this.call.screen?"with-screen":""}">
        ${p(this,me,Yt).call(this)}
        <div class="banners">${p(this,me,Bt).call(this)}</div>
        <parley-stage role="main" .call=${this.call}></parley-stage>
        ${this.showsThread?o`<parley-thread role="complementary" aria-label="Thread" .call=${this.call}></parley-thread>`:m}
        <parley-controls role="contentinfo" aria-label="Controls" .call=${this.call} .threadShown=${this.showsThread}
          @thread=${()=>this.showsThread=!this.showsThread}></parley-controls>
      </div>
      ${this.dialog==="invite"?o`<parley-invite .room=${this.call.options.roomName} @closed=${d(this,ve)}></parley-invite>`:m}
      ${this.dialog==="transcript"?o`<parley-transcript .thread=${this.call.thread} .room=${this.call.options.roomName} @closed=${d(this,ve)}></parley-transcript>`:m}
    `}};ge=new WeakMap,me=new WeakSet,Yt=function(){return o`<header>
      <parley-brand></parley-brand>
      <div class="room"><h1>${this.call.options.roomName}</h1>
        ${Le(this.deployment)?o`<span class="mark" title=${Ct}>Local profile</span>`:m}</div>
      <div class="actions">
        <button class="button quiet" aria-label="Transcript" @click=${()=>this.dialog="transcript"}>${h("transcript")}<span>Transcript</span></button>
        ${this.session?.kind==="member"?o`<button class="button quiet" aria-label="Invite" @click=${()=>this.dialog="invite"}>${h("link")}<span>Invite</span></button>`:m}
        <parley-theme></parley-theme>
      </div>
    </header>`},Bt=function(){let{call:e}=this,i=e.people.find(r=>r.isLocal)?.quality;return o`
      ${this.failure?o`<parley-banner tone="error">${this.failure}
        <button slot="action" class="button" @click=${d(this,ye)}>Try again</button>
        <button slot="action" class="button quiet" @click=${d(this,We)}>Back</button></parley-banner>`:m}
      ${e.connection==="reconnecting"?o`<parley-banner tone="caution">The connection was lost. Reconnecting…</parley-banner>`:m}
      ${e.connection==="connected"&&(i==="poor"||i==="lost")?o`<parley-banner tone="caution">Your connection is weak; you may hear gaps.</parley-banner>`:m}
      ${e.connection==="connected"&&!e.canPlayAudio?o`<parley-banner>Your browser holds the sound back until you allow it.
        <button slot="action" class="button primary" @click=${()=>e.playAudio()}>${h("volume",18)}Turn on sound</button></parley-banner>`:m}
      ${e.problem?o`<parley-banner tone="error">${e.problem}
        <button slot="action" class="button quiet" @click=${()=>e.dismissProblem()}>Dismiss</button></parley-banner>`:m}
    `},ye=new WeakMap,ve=new WeakMap,We=new WeakMap,O.styles=[v,E,Oe,jt],a([f({attribute:!1})],O.prototype,"call",2),a([f({attribute:!1})],O.prototype,"session",2),a([f({attribute:!1})],O.prototype,"deployment",2),a([$()],O.prototype,"dialog",2),a([$()],O.prototype,"showsThread",2),a([$()],O.prototype,"failure",2),O=a([y("parley-meeting")],O);var Gt="lk.segment_id",xi="lk.transcription_final",ki="parley.speaker",Ti="parley.speaker_name",$i=7e3,Ei=2,Ye=class extends M{#e=[];#t=new Map;#i;constructor(t){super(),this.#i=t}get shown(){return this.#e}async read(t,e,i,r){let s=t.info.attributes??{},l=s[ki];if(!i&&l!==e)return;let b={id:s[Gt]??t.info.id,identity:l??e,name:l===void 0?r:s[Ti]??l,isAgent:l===void 0,startedAt:this.#e.find(V=>V.id===s[Gt])?.startedAt??new Date},w="";try{for await(let V of t)w+=V,this.#n({...b,text:w,isFinal:!1})}catch{this.#n({...b,text:w,isFinal:!0});return}let J=b.isAgent||t.info.attributes?.[xi]==="true";this.#n({...b,text:w,isFinal:J})}clear(){for(let t of this.#t.values())clearTimeout(t);this.#t.clear(),this.#e=[],this.changed()}#n(t){if(t.text.trim()==="")return;let e=this.#e.findIndex(i=>i.id===t.id);e>=0?this.#e=this.#e.with(e,t):this.#e=[...this.#e,t].slice(-Ei),clearTimeout(this.#t.get(t.id)),this.#t.set(t.id,setTimeout(()=>this.#r(t.id),$i+t.text.length*30)),this.#i(t),this.changed()}#r(t){this.#t.delete(t),this.#e=this.#e.filter(e=>e.id!==t),this.changed()}};var Be=class{#e;#t;#i;#n=[];#r=!1;constructor(t,e,i){this.#e=t,this.#t=e,this.#i=i}say(t,e=mt(8)){let i={id:e,text:t,reachedOthers:!1};this.#a(i,"sending"),this.#n.push(i),this.flush()}async flush(){if(!this.#r){this.#r=!0;for(let t of[...this.#n]){let e=this.#i();if(e===null)break;await this.#o(t,e).catch(()=>this.#s(t,"unsent"))}this.#r=!1}}abandon(){for(let t of[...this.#n])this.#s(t,"unsent")}async#o(t,e){if(e.agent!==null)return await e.send(t.text,t.reachedOthers?[e.agent]:void 0),this.#s(t,"complete");!t.reachedOthers&&e.others.length>0&&await e.send(t.text,e.others),t.reachedOthers=!0,this.#a(t,"waiting")}#s(t,e){this.#n=this.#n.filter(i=>i!==t),this.#a(t,e)}#a(t,e){let{identity:i,name:r}=this.#t();this.#e.type(t.id,i,r,t.text,e)}};var Si="lk.agent.state",Ai="parley.muted",Ri="Parley",Ci=["initializing","idle","listening","thinking","speaking"];function Qt(n,t){let e=[...n.remoteParticipants.values()].filter(i=>Pi(i,t));return e.sort((i,r)=>(i.joinedAt?.getTime()??0)-(r.joinedAt?.getTime()??0)),[n.localParticipant,...e].map(i=>({identity:i.identity,name:i.name||i.identity,isLocal:i===n.localParticipant,isMuted:!i.isMicrophoneEnabled,isSpeaking:i.isSpeaking,isSharing:i.isScreenShareEnabled,quality:Mi(i,t)}))}function Xt(n,t){let e=Zt(n,t);if(e===void 0)return null;let i=e.attributes[Si]??"";return{identity:e.identity,name:Ri,state:Ci.includes(i)?i:"initializing",hasAudio:nt(n,t)!==null,isMuted:e.attributes[Ai]==="true"}}function Jt(n){return n.hasAudio&&n.state!=="initializing"}function nt(n,t){return Zt(n,t)?.getTrackPublication(t.Track.Source.Microphone)?.track?.mediaStreamTrack??null}function Ge(n,t,e){return n.remoteParticipants.get(e)?.kind===t.ParticipantKind.AGENT}function Vt(n,t){for(let e of[...n.remoteParticipants.values(),n.localParticipant]){let i=e.getTrackPublication(t.Track.Source.ScreenShare),r=i?.track?.mediaStreamTrack;if(!(i===void 0||r===void 0))return{name:e.name||e.identity,isLocal:e===n.localParticipant,isPaused:i.isMuted,track:r}}return null}function Zt(n,t){let e=[...n.remoteParticipants.values()].filter(i=>i.kind===t.ParticipantKind.AGENT);return e.sort((i,r)=>(r.joinedAt?.getTime()??0)-(i.joinedAt?.getTime()??0)),e[0]}function Pi(n,t){return n.kind===t.ParticipantKind.STANDARD||n.kind===t.ParticipantKind.SIP}function Mi(n,t){switch(n.connectionQuality){case t.ConnectionQuality.Excellent:case t.ConnectionQuality.Good:return"good";case t.ConnectionQuality.Poor:return"poor";case t.ConnectionQuality.Lost:return"lost";default:return"unknown"}}var Li=2e3,Qe=class extends M{constructor(e){super();this.#i=!1;this.state="unknown";this.#e=e}#e;#t;#i;watch(){this.#i||(this.#i=!0,this.#n())}stop(){this.#i=!1,clearTimeout(this.#t),this.state="unknown"}async#n(){let e=await xt(this.#e).then(i=>i.agent.state,()=>"unknown");this.#i&&(this.state=e,this.changed(),this.#t=setTimeout(()=>{this.#n()},Li))}};var rt="lk.chat",Oi="lk.transcription";function ei(n,t,e){let{RoomEvent:i}=t,r=[i.ParticipantConnected,i.ParticipantDisconnected,i.ParticipantAttributesChanged,i.ParticipantNameChanged,i.TrackMuted,i.TrackUnmuted,i.LocalTrackPublished,i.LocalTrackUnpublished,i.ActiveSpeakersChanged,i.ConnectionQualityChanged,i.AudioPlaybackStatusChanged];for(let s of r)n.on(s,()=>e.changed());n.on(i.TrackSubscribed,s=>{s.kind===t.Track.Kind.Audio&&e.audioAppeared(s.attach()),e.changed()}),n.on(i.TrackUnsubscribed,s=>{for(let l of s.detach())l.remove();e.changed()}),n.on(i.Reconnecting,()=>e.connection("reconnecting")),n.on(i.SignalReconnecting,()=>e.connection("reconnecting")),n.on(i.Reconnected,()=>e.connection("connected")),n.on(i.Disconnected,s=>e.disconnected(s)),n.registerTextStreamHandler(Oi,(s,{identity:l})=>e.caption(s,l)),n.registerTextStreamHandler(rt,async(s,{identity:l})=>{let b=n.remoteParticipants.get(l);if(b===void 0||Ge(n,t,l))return;let w=await s.readAll();e.typed({id:s.info.id,identity:l,name:b.name||l,text:w})})}function ti(n,t){let{DisconnectReason:e}=t;switch(n){case e.CLIENT_INITIATED:return"left";case e.DUPLICATE_IDENTITY:return"elsewhere";case e.PARTICIPANT_REMOVED:return"removed";case e.ROOM_DELETED:return"closed";default:return null}}var Di=[500,1e3,2e3,4e3,8e3,8e3,8e3,8e3,8e3,8e3];async function ii(n,t){for(let e of Di){await new Promise(i=>setTimeout(i,e));try{return await n(),!0}catch(i){if(t(i))return!1}}return!1}var Xe=class{#e;#t;constructor(t,e){this.#e=t,this.#t=e}get state(){let t=this.#n();return t?.track===void 0?"none":t.isMuted?"paused":"live"}async start(){try{return await this.#i(await _i()),!0}catch(t){if(t instanceof DOMException&&t.name==="NotAllowedError")return!1;throw t}}async pause(t){let e=this.#n();await(t?e?.mute():e?.unmute())}async stop(){let t=this.#n()?.track;t!==void 0&&await this.#e.localParticipant.unpublishTrack(t,!0)}async#i(t){await this.#e.localParticipant.publishTrack(t,{source:this.#t.Track.Source.ScreenShare,simulcast:!1,degradationPreference:"maintain-resolution",videoEncoding:{maxBitrate:15e5,maxFramerate:2},screenShareEncoding:{maxBitrate:15e5,maxFramerate:2}})}#n(){return this.#e.localParticipant.getTrackPublication(this.#t.Track.Source.ScreenShare)}};async function _i(){let t=(await navigator.mediaDevices.getDisplayMedia({audio:!1,video:{frameRate:{max:2},width:{max:1920},height:{max:1080}}})).getVideoTracks()[0];if(t===void 0)throw new DOMException("no video track","NotFoundError");return t.contentHint="text",t}var Ii="parley.control",Ni="Parley",ot=class extends M{constructor(e){super();this.connection="connecting";this.ending=null;this.microphone="off";this.problem=null;this.#r=!1;this.#o=!1;this.#a=document.createElement("div");this.options=e,this.#n=e.withMicrophone,this.thread=new ne(e.roomName),this.captions=new Ye(r=>this.thread.hear(r)),this.presence=new Qe(e.roomName);let i=()=>({identity:this.identity,name:e.name});this.#s=new Be(this.thread,i,()=>this.#y()),this.#a.hidden=!0}#e;#t;#i;#n;#r;#o;#s;#a;get identity(){return`${this.options.identity}-${dt()}`}get people(){return this.#t&&this.#e?Qt(this.#t,this.#e):[]}get agent(){return this.#t&&this.#e?Xt(this.#t,this.#e):null}get screen(){return this.#t&&this.#e?Vt(this.#t,this.#e):null}get share(){return this.#i?.state??"none"}get canPlayAudio(){return this.#t?.canPlaybackAudio??!0}get agentTrack(){return this.#t&&this.#e?nt(this.#t,this.#e):null}async join(){this.#d("connecting");try{this.#e=await import("./livekit-GLHNAS7U.js"),this.#e.setLogLevel("warn"),document.body.append(this.#a),await this.#c()}catch(e){throw this.#d("failed"),e}}async leave(){this.#h("left"),await this.#t?.disconnect()}async setMicrophone(e){this.#n=e;try{await this.#t?.localParticipant.setMicrophoneEnabled(e,this.#u()),this.problem=null,this.microphone=e?"on":"off"}catch{this.#n=!1,this.microphone="unavailable",this.problem="The microphone is blocked, missing or in use elsewhere. You can type in the meantime."}this.changed()}startShare(){return this.#m("The screen could not be shared.",()=>this.#i?.start())}pauseShare(e){return this.#m("The screen share could not be changed.",()=>this.#i?.pause(e))}stopShare(){return this.#m("The screen share could not be stopped.",()=>this.#i?.stop())}muteAgent(e){let i=e?"mute":"unmute";return this.#m("The agent could not be reached.",()=>this.#t?.localParticipant.sendText(i,{topic:Ii}))}say(e,i){this.#s.say(e,i)}async playAudio(){await this.#t?.startAudio(),this.changed()}dismissProblem(){this.problem=null,this.changed()}async#c(){let e=this.#e,i=await kt(this.options.roomName,this.identity,this.options.name),r=new e.Room({audioCaptureDefaults:this.#u()});if(this.#t=r,this.#i=new Xe(r,e),this.#p(r,e),await r.connect(i.server_url,i.participant_token),this.ending!==null)return r.disconnect();this.#d("connected"),this.#n&&await this.setMicrophone(!0),await this.thread.load()}#p(e,i){ei(e,i,{changed:()=>this.#l(),audioAppeared:r=>this.#a.append(r),connection:r=>{this.#d(r),r==="connected"&&this.thread.load()},disconnected:r=>{this.#f(e,r)},caption:(r,s)=>{this.captions.read(r,s,Ge(e,i,s),Ni)},typed:r=>this.thread.type(r.id,r.identity,r.name,r.text,"complete")})}#l(){let e=this.agent;this.connection!=="connected"||e!==null?this.presence.stop():this.presence.watch(),this.#o&&e?.state!=="speaking"&&this.thread.loadSoon(),this.#o=e?.state==="speaking",this.#s.flush(),this.changed()}async#f(e,i){let r=this.connection==="connected"||this.connection==="reconnecting";if(e!==this.#t||this.#r||!r)return;let s=ti(i,this.#e);return s==="elsewhere"&&ct(),s===null?this.#g():this.#h(s)}async#g(){this.#r=!0,this.#d("reconnecting");let i=await ii(()=>this.#c(),r=>this.ending!==null||r instanceof Z&&!r.isAway);this.#r=!1,i||this.#h("lost")}#h(e){this.ending===null&&(this.ending=e,this.presence.stop(),this.thread.stop(),this.#s.abandon(),this.captions.clear(),this.#a.remove(),this.#d("ended"))}#d(e){this.connection=e,this.#l()}#y(){let e=this.#t;if(this.connection!=="connected"||e===void 0)return null;let{agent:i}=this;return{agent:i!==null&&Jt(i)?i.identity:null,others:this.people.filter(r=>!r.isLocal).map(r=>r.identity),send:(r,s)=>e.localParticipant.sendText(r,{topic:rt,...s&&{destinationIdentities:[...s]}})}}async#m(e,i){try{await i()}catch{this.problem=e}this.changed()}#u(){let{deviceId:e}=this.options,i={echoCancellation:!0,noiseSuppression:!0,autoGainControl:!0};return e===void 0?i:{...i,deviceId:e}}};export{ot as Call};
